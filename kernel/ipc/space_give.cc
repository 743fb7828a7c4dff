// Space: rights that enter, as received messages and kernel calls give them.
#include "kernel/ipc/space.h"

namespace ipc {

void Space::add_send(Entry& e, SendRight right) {
  Port* port = right.leak();
  e.object = port;
  if (!e.has(kSendBit)) {
    e.rights |= kSendBit;
    e.urefs = 1;
    send_entries_.insert(e);
    return;
  }
  // The entry's right counts once in the port, however many user references there are.
  if (e.urefs < MACH_PORT_UREFS_MAX) ++e.urefs;
  port->drop_send_right();
}

void Space::add_receive(Entry& e, ReceiveRight right) {
  Port* port = right.leak();
  e.object = port;
  e.rights |= kReceiveBit;
  port->set_receiver(*this, e.name);
}

base::Result<Space::CopyoutResult> Space::copyout_entry(AnyRight right) {
  Port* port = right.port();
  if (port == nullptr) return CopyoutResult{Message::port_to_word(right.leak()), nullptr};
  if (!active_) return base::Error(KERN_INVALID_TASK);
  if (!port->active()) return CopyoutResult{MACH_PORT_DEAD, nullptr};
  if (right.kind() == RightKind::kSendOnce) {
    Entry* e = TRY(names_.allocate());
    e->object = right.leak();
    e->rights = kSendOnceBit;
    return CopyoutResult{e->name, e};
  }
  Entry* known = find_port(*port);
  Entry* e = known != nullptr ? known : TRY(names_.allocate());
  if (right.kind() == RightKind::kSend) {
    add_send(*e, right.take_send());
  } else {
    add_receive(*e, right.take_receive());
  }
  return CopyoutResult{e->name, known != nullptr ? nullptr : e};
}

base::Result<mach_port_t> Space::copyout(AnyRight right) {
  return TRY(copyout_entry(std::move(right))).name;
}

base::Status Space::copyout_at(AnyRight right, mach_port_t name) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  if (!MACH_PORT_VALID(name)) return base::Error(KERN_INVALID_VALUE);
  Port* port = right.port();
  if (port == nullptr || !port->active()) return base::Error(KERN_INVALID_CAPABILITY);
  Entry* known = right.kind() == RightKind::kSendOnce ? nullptr : find_port(*port);
  if (known != nullptr && known->name != name) {
    return base::Error(KERN_RIGHT_EXISTS);
  }
  if (known != nullptr && right.kind() == RightKind::kSend &&
      known->urefs == MACH_PORT_UREFS_MAX) {
    return base::Error(KERN_UREFS_OVERFLOW);
  }
  Entry* e = known != nullptr ? known : TRY(names_.allocate_at(name));
  switch (right.kind()) {
    case RightKind::kSend:
      add_send(*e, right.take_send());
      break;
    case RightKind::kReceive:
      add_receive(*e, right.take_receive());
      break;
    case RightKind::kSendOnce:
      e->object = right.leak();
      e->rights = kSendOnceBit;
      break;
  }
  return {};
}

}  // namespace ipc
