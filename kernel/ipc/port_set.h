// PortSet: lets one thread wait for messages from several ports (book chapter 2).
#pragma once

#include "kernel/ipc/port.h"
#include "kernel/ipc/receive_point.h"

namespace ipc {

// Owned by the space entry that names it. Members with messages are kept in a ring, so that none
// of them is starved.
class PortSet final : public ReceivePoint {
 public:
  // Null when memory is short.
  static PortSet* create(mach_port_t name);
  // Removes all members, wakes receivers with MACH_RCV_PORT_DIED and frees the set.
  static void destroy(PortSet* set);

  [[nodiscard]] mach_port_t name() const { return name_; }
  void rename(mach_port_t name) { name_ = name; }

  using MemberList = base::List<Port, &Port::set_link>;
  MemberList& members() { return members_; }

  // Adds a port (of no set). Threads waiting on the port get MACH_RCV_PORT_CHANGED.
  void add(Port& port);
  void remove(Port& port);

  [[nodiscard]] bool has_message() { return !ready_.empty(); }
  // The member whose turn it is; has_message() must hold.
  [[nodiscard]] Port& next_ready() { return *ready_.front(); }

  // A member got its first message, or ran out of them, or had one taken.
  void note_queue_changed(Port& port);
  void rotate(Port& port);

  static uint32_t live_count();

 private:
  explicit PortSet(mach_port_t name);
  ~PortSet();

  mach_port_t name_;
  MemberList members_;
  base::List<Port, &Port::ready_link> ready_;
};

inline PortSet* Entry::set() const { return static_cast<PortSet*>(object); }

inline ReceivePoint& Port::receive_point() {
  return set_ != nullptr ? static_cast<ReceivePoint&>(*set_) : *this;
}

}  // namespace ipc
