#include "kernel/ipc/port.h"

#include <new>

#include "kernel/ipc/port_set.h"
#include "kernel/ipc/send.h"
#include "kernel/ipc/space.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/wait.h"
#include "kernel/vm/page_finder.h"

namespace ipc {
namespace {
uint32_t live_ports = 0;
base::List<Port, &Port::debtor_link> debtors;
}  // namespace

Port::Port() : ReceivePoint(Kind::kPort) { ++live_ports; }

Port::~Port() {
  KASSERT(!active_ && srights_ == 0 && sorights_ == 0);
  --live_ports;
}

uint32_t Port::live_count() { return live_ports; }

base::Result<ReceiveRight> Port::create() {
  Port* port = new (std::nothrow) Port;
  if (port == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  return ReceiveRight::adopt(port);
}

void Port::set_receiver(Space& space, mach_port_t name) {
  receiver_ = &space;
  receiver_name_ = name;
  destination_ = nullptr;
}

ReceiveRight Port::detach_receiver() {
  receiver_ = nullptr;
  receiver_name_ = MACH_PORT_NULL;
  mscount_ = 0;
  seqno_ = 0;
  if (set_ != nullptr) set_->remove(*this);
  wake_receivers(MACH_RCV_PORT_DIED);
  return ReceiveRight::adopt(this);
}

bool Port::enter_transit(Port& destination) {
  for (Port* p = &destination; p != nullptr; p = p->destination_.get()) {
    if (p == this) return false;
  }
  destination_ = base::Ref<Port>(&destination);
  return true;
}

void Port::receive_right_released() {
  destination_ = nullptr;
  if (!pd_request_.armed()) return die();
  NotifyRequest request = std::move(pd_request_);
  request.send_port_destroyed(ReceiveRight::adopt(this));
}

// (1) Nobody can reach the port as a live one any more. (2) Everybody who waits on it is told.
// (3) Its messages and requests go; that may destroy further ports, which is why (1) comes first.
void Port::die() {
  KASSERT(active_);
  active_ = false;
  receiver_ = nullptr;
  receiver_name_ = MACH_PORT_NULL;
  destination_ = nullptr;
  kobject_type_ = KObjectType::kNone;
  kobject_ = nullptr;
  no_senders_hook_ = nullptr;
  owed_send_once_ = 0;
  debtor_link.unlink();
  if (set_ != nullptr) set_->remove(*this);

  wake_receivers(MACH_RCV_PORT_DIED);
  release_blocked_senders();

  // Dropped requests turn into send-once notifications.
  pd_request_ = {};
  ns_request_ = {};
  notify_dead_names();
  vm::port_died(*this);
  msgcount_ = 0;
  pending_ = 0;
  while (Message* m = messages_.pop_front()) Message::destroy(m);
  release();
}

// Their messages go nowhere, which counts as sent; each sender destroys its own.
void Port::release_blocked_senders() {
  while (ThreadIpc* sender = blocked_senders_.pop_front()) {
    sender->result = MACH_MSG_SUCCESS;
    kern::wake(sender->thread);
  }
}

void Port::notify_dead_names() {
  while (DeadNameRequest* r = dn_requests_.front()) r->space.port_died(*r);
}

void Port::set_kobject(KObjectType type, void* object, NoSendersHook no_senders) {
  kobject_type_ = type;
  kobject_ = object;
  no_senders_hook_ = no_senders;
}

void Port::last_send_right_dropped() {
  if (active_) {
    if (ns_request_.armed()) fire_no_senders();
    if (no_senders_hook_ != nullptr) no_senders_hook_(kobject_);
  }
  release();
}

void Port::fire_no_senders() {
  NotifyRequest request = std::move(ns_request_);
  request.send_no_senders(mscount_);
}

NotifyRequest Port::swap_port_destroyed(NotifyRequest request) {
  std::swap(pd_request_, request);
  return request;
}

NotifyRequest Port::swap_no_senders(NotifyRequest request) {
  std::swap(ns_request_, request);
  return request;
}

void Port::send_once_right_destroyed() {
  if (!active_) return drop_send_once_right();
  MessagePtr m = Message::create(sizeof(mach_send_once_notification_t), MACH_NOTIFY_SEND_ONCE);
  if (m == nullptr) {
    if (owed_send_once_++ == 0) debtors.push_back(this);
    return drop_send_once_right();
  }
  m->set_destination(SendOnceRight::adopt(this));
  send_from_kernel(std::move(m));
}

void Port::pay_debts() {
  while (Port* port = debtors.front()) {
    MessagePtr m = Message::create(sizeof(mach_send_once_notification_t), MACH_NOTIFY_SEND_ONCE);
    if (m == nullptr) return;
    if (--port->owed_send_once_ == 0) debtors.remove(port);
    m->set_destination(make_send_once(*port));
    send_from_kernel(std::move(m));
  }
}

}  // namespace ipc
