// HandleTable: which port stands for which open object.
#pragma once

#include <unordered_map>
#include <vector>

#include "libs/base/ref.h"
#include "libs/base/result.h"
#include "libs/server/open_object.h"
#include "libs/server/port_space.h"

namespace server {

// Told when an object's last client is gone.
class CloseListener {
 public:
  virtual void object_closed(OpenObject& object) = 0;

 protected:
  ~CloseListener() = default;
};

// Every handle is one port with the receive right here and one send right made by the reply that
// hands it out; clients copy that right as they like. The kernel's no-senders notification closes
// the handle. Receive rights of closed handles are kept for the next ones, since making a port and
// adding it to the set costs more than an open should. Under the tree lock.
//
// Most files are open for a moment only, and nobody notices when the server hears of their closing
// (OpenObject::may_close_late). Their handles are not watched at first; when some have gathered, or
// it matters after all, one look at each either closes it or asks for its notification.
class HandleTable {
 public:
  static constexpr size_t kMaxSpare = 64;
  static constexpr size_t kMaxUnwatched = 32;

  HandleTable(PortSpace& ports, ReadyListener* ready) : ports_(ports), ready_(ready) {}
  HandleTable(const HandleTable&) = delete;
  HandleTable& operator=(const HandleTable&) = delete;
  ~HandleTable();

  void set_close_listener(CloseListener* listener) { close_listener_ = listener; }

  // A port for the object: the receive right's name, from which the caller makes exactly one send
  // right (MAKE_SEND in a reply). ENFILE.
  base::Result<mach_port_t> open(base::Ref<OpenObject> object);
  // The object behind a port; null when it is none of this table's.
  [[nodiscard]] OpenObject* find(mach_port_t port) const;
  // Gives up the reference that a message's argument brought, when that is a handle of this table.
  void release_argument(mach_port_t port) { ports_.release(port); }
  // Handles a no-senders notification.
  void no_senders(mach_port_t port, uint32_t make_send_count);
  // The send right of the port just opened was not made after all: the reply could not be sent.
  void cancel(mach_port_t port);

  // Looks at the handles that are not watched: all of them, those whose file has lost its last name,
  // or the one of this object.
  void settle();
  void settle_removed();
  void settle(const OpenObject& object);

  // The port of the latest open() since the last call of this function, or null: what cancel()
  // wants when a reply fails.
  mach_port_t take_latest() { return std::exchange(latest_, MACH_PORT_NULL); }

  [[nodiscard]] size_t size() const { return handles_.size(); }

 private:
  struct Handle {
    base::Ref<OpenObject> object;
    uint32_t make_send_count;
  };
  struct Spare {
    mach_port_t port;
    uint32_t make_send_count;
  };

  // True: the handle is closed or watched now.
  bool settle_port(mach_port_t port);
  template <typename Wanted>
  void settle_if(Wanted wanted);
  void close(mach_port_t port, uint32_t make_send_count);

  PortSpace& ports_;
  ReadyListener* ready_;
  CloseListener* close_listener_ = nullptr;
  std::unordered_map<mach_port_t, Handle> handles_;
  std::vector<Spare> spare_;
  std::vector<mach_port_t> unwatched_;
  mach_port_t latest_ = MACH_PORT_NULL;
};

}  // namespace server
