// What the name server knows: names checked in with a send right, and services whose receive
// right the name server lends to whoever serves them.
#pragma once

#include <map>
#include <string>
#include <vector>
#include <string_view>

#include <mach/kern_return.h>
#include <mach/port.h>
#include <servers/netname_defs.h>

namespace name {

// The port operations the registry needs, so that its rules can be tested without a kernel. All
// ports are names in the name server's own space.
class PortOperations {
 public:
  virtual ~PortOperations() = default;
  // Makes a port with one send right, and asks for the port-destroyed notification, so that the
  // receive right comes back when its holder dies. MACH_PORT_NULL when out of resources.
  virtual mach_port_t make_service_port() = 0;
  // Asks again for that notification (it is used up when it has come).
  virtual bool watch_receive_right(mach_port_t port) = 0;
  // Drops one user reference of a send right or dead name.
  virtual void release_send_right(mach_port_t port) = 0;
  // Drops the receive right too.
  virtual void destroy_service_port(mach_port_t port) = 0;
};

// Who finds a service.
enum class Visibility { kPrivate, kPublic };

class Registry {
 public:
  explicit Registry(PortOperations& ports) : ports_(ports) {}
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry();

  // netname_check_in: takes over one reference of each right on success, none on error.
  kern_return_t check_in(std::string_view name, mach_port_t signature, mach_port_t port);

  // netname_check_out. The caller keeps its reference of `signature`.
  kern_return_t check_out(std::string_view name, mach_port_t signature);

  // netname_look_up, which sees checked-in names and public services: the port stays the registry's; the caller sends a copy.
  kern_return_t look_up(std::string_view name, mach_port_t& port) const;

  // service_check_in: on success the receive right of `port` is to be moved to the server. When
  // that move fails, returned() takes it back.
  kern_return_t service_check_in(std::string_view name, Visibility visibility, mach_port_t& port);

  // service_look_up: makes the service when it is new.
  kern_return_t service_look_up(std::string_view name, mach_port_t& port);

  // What an earlier name server knew: a service that counts as served until its receive right comes back.
  // Takes over one reference of `port`.
  void restore_service(std::string_view name, Visibility visibility, mach_port_t port);
  [[nodiscard]] bool has_service(std::string_view name) const { return services_.contains(name); }

  // The receive right of `port` is back: its server died or let go of it. False when no service
  // has this port.
  bool returned(mach_port_t port);

  // A send right became a dead name: forgets the names checked in with it, and tells which.
  std::vector<std::string> died(mach_port_t port);

  // All names, one a line: "service NAME running|waiting" and "name NAME".
  [[nodiscard]] std::string list() const;

 private:
  struct CheckedIn {
    mach_port_t signature;
    mach_port_t port;
  };
  struct Service {
    mach_port_t port;
    bool served = false;  // someone else holds the receive right
    Visibility visibility = Visibility::kPrivate;
  };
  using Names = std::map<std::string, CheckedIn, std::less<>>;
  using Services = std::map<std::string, Service, std::less<>>;

  void release(const CheckedIn& entry);
  // The service of that name, made when new; null when out of resources.
  Service* find_or_make(std::string_view name);

  PortOperations& ports_;
  Names names_;
  Services services_;
};

}  // namespace name
