// Space: rights that leave, as messages and kernel calls take them.
#include "kernel/ipc/item.h"
#include "kernel/ipc/space.h"
#include "kernel/kern/assert.h"

namespace ipc {

bool Space::can_take(const Entry& e, mach_msg_type_name_t disposition) {
  switch (disposition) {
    case MACH_MSG_TYPE_MOVE_RECEIVE:
    case MACH_MSG_TYPE_MAKE_SEND:
    case MACH_MSG_TYPE_MAKE_SEND_ONCE:
      return e.has(kReceiveBit);
    case MACH_MSG_TYPE_COPY_SEND:
    case MACH_MSG_TYPE_MOVE_SEND:
      return e.has(kSendBit | kDeadNameBit);
    case MACH_MSG_TYPE_MOVE_SEND_ONCE:
      return e.has(kSendOnceBit | kDeadNameBit);
    default:
      return false;
  }
}

AnyRight Space::take(Entry& e, mach_msg_type_name_t disposition, const Port* cancel_for) {
  if (e.has(kDeadNameBit)) return take_dead(e, disposition);
  Port* port = e.port();
  switch (disposition) {
    case MACH_MSG_TYPE_MAKE_SEND:
      return make_send(*port);
    case MACH_MSG_TYPE_MAKE_SEND_ONCE:
      return make_send_once(*port);
    case MACH_MSG_TYPE_COPY_SEND:
      port->add_send_right();
      return SendRight::adopt(port);
    case MACH_MSG_TYPE_MOVE_SEND:
      return take_send(e, cancel_for);
    case MACH_MSG_TYPE_MOVE_SEND_ONCE:
      release_name(e, cancel_for);
      return SendOnceRight::adopt(port);
    default:
      KASSERT(disposition == MACH_MSG_TYPE_MOVE_RECEIVE);
      return take_receive(e, cancel_for);
  }
}

AnyRight Space::take_dead(Entry& e, mach_msg_type_name_t disposition) {
  if (disposition != MACH_MSG_TYPE_COPY_SEND && --e.urefs == 0) release_name(e);
  return AnyRight(kind_of_type(arrival_type(disposition)), dead_port());
}

void Space::remove_send_bit(Entry& e) {
  send_entries_.remove(e);
  e.rights &= static_cast<uint8_t>(~kSendBit);
  e.urefs = 0;
}

SendRight Space::take_send(Entry& e, const Port* cancel_for) {
  Port* port = e.port();
  if (e.urefs > 1) {
    --e.urefs;
    port->add_send_right();
    return SendRight::adopt(port);
  }
  remove_send_bit(e);
  if (e.rights == 0) release_name(e, cancel_for);
  return SendRight::adopt(port);
}

ReceiveRight Space::take_receive(Entry& e, const Port* cancel_for) {
  Port* port = e.port();
  e.rights &= static_cast<uint8_t>(~kReceiveBit);
  if (e.rights == 0) release_name(e, cancel_for);
  return port->detach_receiver();
}

base::Result<AnyRight> Space::copyin(mach_port_t name, mach_msg_type_name_t disposition) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  Entry* e = lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  if (!can_take(*e, disposition)) return base::Error(KERN_INVALID_RIGHT);
  return take(*e, disposition);
}

}  // namespace ipc
