// Space: the operations of the port interface (book chapter 3) on a task's own names.
#include "kernel/ipc/space.h"

namespace ipc {

void Space::destroy_receive(Entry& e) {
  ReceiveRight right = take_receive(e, nullptr);
  right.reset();
}

void Space::destroy_entry(Entry& e) {
  const uint8_t rights = e.rights;
  Port* port = (rights & kPortBits) != 0 ? e.port() : nullptr;
  PortSet* set = (rights & kPortSetBit) != 0 ? e.set() : nullptr;
  if (e.has(kSendBit)) send_entries_.remove(e);
  release_name(e);
  if (set != nullptr) PortSet::destroy(set);
  // The send right goes first: the port must not outlive its use here through the receive right.
  base::Ref<Port> keep(port);
  if (rights & kSendBit) port->drop_send_right();
  if (rights & kSendOnceBit) port->send_once_right_destroyed();
  if (rights & kReceiveBit) port->detach_receiver().reset();
}

base::Status Space::destroy(mach_port_t name) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  Entry* e = lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  destroy_entry(*e);
  return {};
}

void Space::drop_send(Entry& e, uint32_t count) {
  if (count < e.urefs) {
    e.urefs = static_cast<uint16_t>(e.urefs - count);
    return;
  }
  Port* port = e.port();
  remove_send_bit(e);
  if (e.rights == 0) release_name(e);
  port->drop_send_right();
}

base::Status Space::deallocate(mach_port_t name) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  Entry* e = lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  if (e->has(kSendBit)) {
    drop_send(*e, 1);
  } else if (e->has(kSendOnceBit)) {
    destroy_entry(*e);
  } else if (e->has(kDeadNameBit)) {
    if (--e->urefs == 0) release_name(*e);
  } else {
    return base::Error(KERN_INVALID_RIGHT);
  }
  return {};
}

base::Status Space::check_modify(const Entry& e, mach_port_right_t right,
                                 mach_port_delta_t delta) {
  if (!e.has(static_cast<uint8_t>(1u << right))) return base::Error(KERN_INVALID_RIGHT);
  const bool counted = right == MACH_PORT_RIGHT_SEND || right == MACH_PORT_RIGHT_DEAD_NAME;
  const int64_t have = counted ? e.urefs : 1;
  const int64_t want = have + delta;
  if (want < 0) return base::Error(KERN_INVALID_VALUE);
  if (want > (counted ? int64_t{MACH_PORT_UREFS_MAX} : 1)) {
    return base::Error(counted ? KERN_UREFS_OVERFLOW : KERN_INVALID_VALUE);
  }
  return {};
}

base::Status Space::modify_refs(mach_port_t name, mach_port_right_t right,
                                mach_port_delta_t delta) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  if (right >= MACH_PORT_RIGHT_NUMBER) return base::Error(KERN_INVALID_VALUE);
  Entry* e = lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  TRY(check_modify(*e, right, delta));
  if (delta == 0) return {};
  if (delta > 0) {
    e->urefs = static_cast<uint16_t>(e->urefs + delta);
    return {};
  }
  switch (right) {
    case MACH_PORT_RIGHT_SEND:
      drop_send(*e, static_cast<uint32_t>(-int64_t{delta}));
      break;
    case MACH_PORT_RIGHT_DEAD_NAME:
      e->urefs = static_cast<uint16_t>(e->urefs + delta);
      if (e->urefs == 0) release_name(*e);
      break;
    case MACH_PORT_RIGHT_RECEIVE:
      destroy_receive(*e);
      break;
    default:  // port set, send-once right
      destroy_entry(*e);
      break;
  }
  return {};
}

base::Result<mach_port_urefs_t> Space::refs(mach_port_t name, mach_port_right_t right) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  if (right >= MACH_PORT_RIGHT_NUMBER) return base::Error(KERN_INVALID_VALUE);
  Entry* e = lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  if (!e->has(static_cast<uint8_t>(1u << right))) return mach_port_urefs_t{0};
  const bool counted = right == MACH_PORT_RIGHT_SEND || right == MACH_PORT_RIGHT_DEAD_NAME;
  return mach_port_urefs_t{counted ? e->urefs : 1u};
}

base::Status Space::rename(mach_port_t old_name, mach_port_t new_name) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  if (!MACH_PORT_VALID(new_name)) return base::Error(KERN_INVALID_VALUE);
  Entry* from = lookup(old_name);
  if (from == nullptr) return base::Error(KERN_INVALID_NAME);
  Entry* to = TRY(names_.allocate_at(new_name));
  const bool hashed = from->has(kSendBit);
  if (hashed) send_entries_.remove(*from);
  to->object = std::exchange(from->object, nullptr);
  to->rights = std::exchange(from->rights, 0);
  to->urefs = std::exchange(from->urefs, 0);
  to->dead_name_request = std::exchange(from->dead_name_request, nullptr);
  to->accepted_request = std::exchange(from->accepted_request, nullptr);
  names_.release(*from);
  if (hashed) send_entries_.insert(*to);
  if (to->dead_name_request != nullptr) to->dead_name_request->entry = to;
  if (to->accepted_request != nullptr) to->accepted_request->right_renamed(to);
  if (to->has(kReceiveBit)) to->port()->rename_receiver(new_name);
  if (to->has(kPortSetBit)) to->set()->rename(new_name);
  return {};
}

base::Status Space::move_member(mach_port_t member, mach_port_t set_name) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  Port* port = TRY(receive_port(member));
  PortSet* set = nullptr;
  if (set_name != MACH_PORT_NULL) {
    Entry* e = lookup(set_name);
    if (e == nullptr) return base::Error(KERN_INVALID_NAME);
    if (!e->has(kPortSetBit)) return base::Error(KERN_INVALID_RIGHT);
    set = e->set();
  } else if (port->set() == nullptr) {
    return base::Error(KERN_NOT_IN_SET);
  }
  if (port->set() == set) return {};
  if (port->set() != nullptr) port->set()->remove(*port);
  if (set != nullptr) set->add(*port);
  return {};
}

mach_port_type_t Space::type_of(const Entry& e) {
  mach_port_type_t type = mach_port_type_t{e.rights} << 16;
  if (e.dead_name_request != nullptr) type |= MACH_PORT_TYPE_DNREQUEST;
  if (e.accepted_request != nullptr) type |= MACH_PORT_TYPE_MAREQUEST;
  return type;
}

base::Result<mach_port_type_t> Space::type(mach_port_t name) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  Entry* e = lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  return type_of(*e);
}

}  // namespace ipc
