#include "kernel/ipc/port_set.h"

#include <new>

namespace ipc {
namespace {
uint32_t live_sets = 0;
}

PortSet::PortSet(mach_port_t name) : ReceivePoint(Kind::kSet), name_(name) { ++live_sets; }
PortSet::~PortSet() { --live_sets; }
uint32_t PortSet::live_count() { return live_sets; }

PortSet* PortSet::create(mach_port_t name) { return new (std::nothrow) PortSet(name); }

void PortSet::destroy(PortSet* set) {
  while (Port* member = set->members_.front()) set->remove(*member);
  set->active_ = false;
  set->wake_receivers(MACH_RCV_PORT_DIED);
  delete set;
}

void PortSet::add(Port& port) {
  port.wake_receivers(MACH_RCV_PORT_CHANGED);
  port.set_ = this;
  members_.push_back(&port);
  note_queue_changed(port);
  port.serve_receivers();
}

void PortSet::remove(Port& port) {
  members_.remove(&port);
  port.ready_link.unlink();
  port.set_ = nullptr;
}

void PortSet::note_queue_changed(Port& port) {
  const bool ready = port.has_message();
  if (ready == port.ready_link.linked()) return;
  if (ready) {
    ready_.push_back(&port);
  } else {
    ready_.remove(&port);
  }
}

void PortSet::rotate(Port& port) {
  if (!port.ready_link.linked()) return;
  ready_.remove(&port);
  ready_.push_back(&port);
}

}  // namespace ipc
