// The name server. Started by the bootstrap server with three receive rights: arguments 1 to 3 are
// their names in this task (decimal): the public port (netname.defs), the privileged one
// (service.defs), and the one by which services come back when their servers die.
//
// When it dies, nothing is lost:
//   1. The three receive rights go back to the bootstrap server, which gives them to the next name server.
//      Requests wait in their queues meanwhile.
//   2. Receive rights of services nobody serves were here; they are notifications in the third port's
//      queue now. Those of services that are served will come there, too, when their server dies.
//   3. What the names mean was told to the bootstrap server with each change (keeper.defs). The next name
//      server asks for it, takes every service for served, and then reads the queue.
// Only what means the same in every task may wait in the third port's queue: dead names are told to a port
// that ends with this task.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <mach.h>
#include <mach/notify.h>

#include "libs/mach/netname_server.h"
#include "libs/mach/service_server.h"
#include "libs/server/message_loop.h"
#include "libs/server/mutex.h"
#include "libs/server/notify_server.h"
#include "servers/bootstrap/keeper_user.h"
#include "servers/name/registry.h"

namespace name {
namespace {

// Tells the bootstrap server what to keep. It refuses when it has very much already: then the next name server
// does not know the entry.
void keep(int kind, const char* name, int value, mach_port_t port, mach_port_t signature) {
  keeper_name_t text = {};
  std::strncpy(text, name, sizeof text - 1);
  static bool complained = false;
  const kern_return_t kr = keeper_keep(bootstrap_port, kind, text, value, port, signature);
  if (kr == KERN_SUCCESS || complained) return;
  complained = true;
  std::printf("name: %s would be lost in a restart (0x%x)\n", name, kr);
}

void forget(int kind, const char* name) {
  keeper_name_t text = {};
  std::strncpy(text, name, sizeof text - 1);
  (void)keeper_forget(bootstrap_port, kind, text);
}

// PortOperations on this task's space.
class MachPorts final : public PortOperations {
 public:
  // `returns`: where receive rights come back to; `notify`: where dead names are told.
  MachPorts(mach_port_t returns, mach_port_t notify) : returns_(returns), notify_(notify) {}

  mach_port_t make_service_port() override {
    mach_port_t port = MACH_PORT_NULL;
    if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port) != KERN_SUCCESS) {
      return MACH_PORT_NULL;
    }
    if (mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND) ==
            KERN_SUCCESS &&
        watch_receive_right(port)) {
      return port;
    }
    mach_port_destroy(mach_task_self(), port);
    return MACH_PORT_NULL;
  }

  bool watch_receive_right(mach_port_t port) override {
    mach_port_t previous = MACH_PORT_NULL;
    return mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_PORT_DESTROYED, 0,
                                          returns_, MACH_MSG_TYPE_MAKE_SEND_ONCE,
                                          &previous) == KERN_SUCCESS;
  }

  void release_send_right(mach_port_t port) override {
    if (MACH_PORT_VALID(port)) mach_port_deallocate(mach_task_self(), port);
  }
  void destroy_service_port(mach_port_t port) override {
    mach_port_destroy(mach_task_self(), port);
  }

  // So that names of dead servers disappear.
  void watch_send_right(mach_port_t port) {
    mach_port_t previous = MACH_PORT_NULL;
    mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_DEAD_NAME, 1, notify_,
                                   MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
    if (MACH_PORT_VALID(previous)) mach_port_deallocate(mach_task_self(), previous);
  }

 private:
  mach_port_t returns_;
  mach_port_t notify_;
};

class NameServer final : public NetnameInterface, public ServiceInterface, public NotifyInterface {
 public:
  NameServer(mach_port_t service_port, MachPorts& ports)
      : service_port_(service_port), ports_(ports), registry_(ports) {}

  // Takes over what the last name server knew.
  void restore() {
    int kind = 0;
    keeper_name_t name;
    int value = 0;
    mach_port_t port = MACH_PORT_NULL;
    mach_port_t signature = MACH_PORT_NULL;
    for (int i = 0; keeper_entry(bootstrap_port, i, &kind, name, &value, &port, &signature) == KERN_SUCCESS;) {
      if (take_over(kind, name, value, port, signature)) {
        ++i;
      } else {
        forget(kind, name);
      }
    }
  }

  kern_return_t netname_check_in(mach_port_t, const char* port_name, mach_port_t signature,
                                 mach_port_t port_id) override {
    if (!MACH_PORT_VALID(port_id)) return KERN_INVALID_ARGUMENT;
    const kern_return_t kr = registry_.check_in(port_name, signature, port_id);
    if (kr == NETNAME_SUCCESS) {
      ports_.watch_send_right(port_id);
      keep(KEEPER_NAME, port_name, 0, port_id, signature);
    }
    return kr;
  }

  kern_return_t netname_look_up(mach_port_t, const char* host_name, const char* port_name,
                                mach_port_t* port_id) override {
    if (host_name[0] != 0) return NETNAME_NO_SUCH_HOST;
    return registry_.look_up(port_name, *port_id);
  }

  kern_return_t netname_check_out(mach_port_t, const char* port_name,
                                  mach_port_t signature) override {
    const kern_return_t kr = registry_.check_out(port_name, signature);
    if (kr == NETNAME_SUCCESS) {
      ports_.release_send_right(signature);
      forget(KEEPER_NAME, port_name);
    }
    return kr;
  }

  kern_return_t netname_version(mach_port_t, char* version) override {
    std::strcpy(version, "Machina name server");
    return KERN_SUCCESS;
  }

  kern_return_t service_check_in(mach_port_t port, const char* name, int visibility,
                                 mach_port_t* service) override {
    if (port != service_port_) return KERN_INVALID_ARGUMENT;
    const kern_return_t kr = registry_.service_check_in(name, visibility_of(visibility), *service);
    if (kr == KERN_SUCCESS) keep(KEEPER_SERVICE, name, visibility, *service, MACH_PORT_NULL);
    return kr;
  }

  kern_return_t service_look_up(mach_port_t port, const char* name, mach_port_t* service) override {
    if (port != service_port_) return KERN_INVALID_ARGUMENT;
    const bool known = registry_.has_service(name);
    const kern_return_t kr = registry_.service_look_up(name, *service);
    if (kr == KERN_SUCCESS && !known) {
      keep(KEEPER_SERVICE, name, SERVICE_PRIVATE, *service, MACH_PORT_NULL);
    }
    return kr;
  }

  kern_return_t service_list(mach_port_t port, unsigned char** text,
                             mach_msg_type_number_t* textCnt) override {
    if (port != service_port_) return KERN_INVALID_ARGUMENT;
    const std::string list = registry_.list();
    vm_address_t pages = 0;
    if (vm_allocate(mach_task_self(), &pages, list.size() + 1, TRUE) != KERN_SUCCESS) {
      return KERN_RESOURCE_SHORTAGE;
    }
    std::memcpy(reinterpret_cast<void*>(pages), list.data(), list.size());
    *text = reinterpret_cast<unsigned char*>(pages);
    *textCnt = list.size();
    return KERN_SUCCESS;
  }

  kern_return_t mach_notify_port_destroyed(mach_port_t, mach_port_t right) override {
    if (!registry_.returned(right)) ports_.destroy_service_port(right);
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_dead_name(mach_port_t, mach_port_t name) override {
    for (const std::string& gone : registry_.died(name)) forget(KEEPER_NAME, gone.c_str());
    ports_.release_send_right(name);
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_no_senders(mach_port_t, mach_port_mscount_t) override {
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_port_deleted(mach_port_t, mach_port_t) override {
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_msg_accepted(mach_port_t, mach_port_t) override {
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_send_once(mach_port_t) override { return KERN_SUCCESS; }

 private:
  // Takes the rights in any case. False: the entry's port is dead.
  bool take_over(int kind, const char* name, int value, mach_port_t port, mach_port_t signature) {
    if (MACH_PORT_VALID(port) && kind == KEEPER_SERVICE) {
      registry_.restore_service(name, visibility_of(value), port);
      return true;
    }
    if (MACH_PORT_VALID(port) && registry_.check_in(name, signature, port) == NETNAME_SUCCESS) {
      ports_.watch_send_right(port);
      return true;
    }
    ports_.release_send_right(port);
    ports_.release_send_right(signature);
    return false;
  }

  static Visibility visibility_of(int word) {
    return word == SERVICE_PUBLIC ? Visibility::kPublic : Visibility::kPrivate;
  }

  mach_port_t service_port_;
  MachPorts& ports_;
  Registry registry_;
};

mach_port_t make_notify_port(mach_port_t set) {
  mach_port_t port = MACH_PORT_NULL;
  if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port) != KERN_SUCCESS ||
      mach_port_move_member(mach_task_self(), port, set) != KERN_SUCCESS) {
    return MACH_PORT_NULL;
  }
  return port;
}

mach_port_t port_argument(const char* text) {
  return static_cast<mach_port_t>(std::strtoul(text, nullptr, 10));
}

int run(int argc, char** argv) {
  if (argc < 4) {
    std::printf("name: started without its ports\n");
    return EXIT_FAILURE;
  }
  const mach_port_t public_port = port_argument(argv[1]);
  const mach_port_t service_port = port_argument(argv[2]);
  const mach_port_t return_port = port_argument(argv[3]);
  mach_port_t set = MACH_PORT_NULL;
  if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set) != KERN_SUCCESS ||
      mach_port_move_member(mach_task_self(), public_port, set) != KERN_SUCCESS ||
      mach_port_move_member(mach_task_self(), service_port, set) != KERN_SUCCESS ||
      mach_port_move_member(mach_task_self(), return_port, set) != KERN_SUCCESS) {
    std::printf("name: its ports are not usable\n");
    return EXIT_FAILURE;
  }
  MachPorts ports(return_port, make_notify_port(set));
  NameServer server(service_port, ports);
  server.restore();
  server::Mutex lock;
  server::MessageLoop loop(set, lock);
  loop.add(static_cast<NetnameInterface&>(server));
  loop.add(static_cast<ServiceInterface&>(server));
  loop.add_notifications(static_cast<NotifyInterface&>(server));
  std::printf("name: receiving failed (0x%x)\n", loop.run());
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace name

int main(int argc, char** argv) { return name::run(argc, argv); }
