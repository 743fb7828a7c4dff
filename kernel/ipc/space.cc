#include "kernel/ipc/space.h"

#include <new>

namespace ipc {

base::Result<base::Ref<Space>> Space::create() {
  auto space = base::adopt_ref(new (std::nothrow) Space);
  if (!space) return base::Error(KERN_RESOURCE_SHORTAGE);
  return space;
}

void Space::terminate() {
  if (!active_) return;
  active_ = false;
  names_.for_each([this](Entry& e) { destroy_entry(e); });
}

base::Result<Port*> Space::receive_port(mach_port_t name) {
  Entry* e = lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  if (!e->has(kReceiveBit)) return base::Error(KERN_INVALID_RIGHT);
  return e->port();
}

SendOnceRight Space::make_notify_right(mach_port_t name) {
  auto port = receive_port(name);
  if (!port.ok()) return {};
  return make_send_once(*port.take());
}

Port* Space::send_port(mach_port_t name) {
  Entry* e = lookup(name);
  return e != nullptr && e->has(kSendBit) ? e->port() : nullptr;
}

Entry* Space::find_port(Port& port) {
  if (port.receiver() == this) return names_.find(port.receiver_name());
  return send_entries_.find(&port);
}

base::Status Space::fill(Entry& e, mach_port_right_t right) {
  switch (right) {
    case MACH_PORT_RIGHT_RECEIVE:
      add_receive(e, TRY(Port::create()));
      return {};
    case MACH_PORT_RIGHT_PORT_SET:
      e.object = PortSet::create(e.name);
      if (e.object == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
      e.rights = kPortSetBit;
      return {};
    default:
      e.rights = kDeadNameBit;
      e.urefs = 1;
      return {};
  }
}

namespace {
bool can_allocate(mach_port_right_t right) {
  return right == MACH_PORT_RIGHT_RECEIVE || right == MACH_PORT_RIGHT_PORT_SET ||
         right == MACH_PORT_RIGHT_DEAD_NAME;
}
}  // namespace

base::Result<mach_port_t> Space::allocate_right(mach_port_right_t right) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  if (!can_allocate(right)) return base::Error(KERN_INVALID_VALUE);
  Entry* e = TRY(names_.allocate());
  if (auto s = fill(*e, right); !s.ok()) {
    names_.release(*e);
    return s.error();
  }
  return e->name;
}

base::Result<mach_port_t> Space::allocate_port() { return allocate_right(MACH_PORT_RIGHT_RECEIVE); }

base::Status Space::allocate_right_at(mach_port_right_t right, mach_port_t name) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  if (!can_allocate(right) || !MACH_PORT_VALID(name)) return base::Error(KERN_INVALID_VALUE);
  Entry* e = TRY(names_.allocate_at(name));
  if (auto s = fill(*e, right); !s.ok()) {
    names_.release(*e);
    return s;
  }
  return {};
}

// The port's death turned the right into a dead name: what the entry counted goes back silently.
void Space::make_dead(Entry& e) {
  Port* port = e.port();
  if (e.has(kSendBit)) {
    send_entries_.remove(e);
  } else {
    e.urefs = 1;
  }
  const bool was_send = e.has(kSendBit);
  e.object = nullptr;
  e.rights = kDeadNameBit;
  if (MsgAcceptedRequest* r = std::exchange(e.accepted_request, nullptr)) r->right_gone();
  if (was_send) {
    port->drop_send_right();
  } else {
    port->drop_send_once_right();
  }
}

void Space::port_died(DeadNameRequest& request) {
  Entry& e = *request.entry;
  NotifyRequest notify = std::move(request.request);
  e.dead_name_request = nullptr;
  request.link.unlink();
  delete &request;
  make_dead(e);
  if (e.urefs < MACH_PORT_UREFS_MAX) ++e.urefs;
  notify.send_port_name(MACH_NOTIFY_DEAD_NAME, e.name);
}

void Space::release_name(Entry& e, const Port* cancel_for) {
  const mach_port_t name = e.name;
  DeadNameRequest* r = std::exchange(e.dead_name_request, nullptr);
  if (MsgAcceptedRequest* a = std::exchange(e.accepted_request, nullptr)) a->right_gone();
  e.object = nullptr;
  e.rights = 0;
  e.urefs = 0;
  names_.release(e);
  if (r == nullptr) return;
  NotifyRequest notify = std::move(r->request);
  r->link.unlink();
  delete r;
  if (cancel_for != nullptr && notify.port() == cancel_for) {
    drop_silently(notify.cancel());
  } else {
    notify.send_port_name(MACH_NOTIFY_PORT_DELETED, name);
  }
}

}  // namespace ipc
