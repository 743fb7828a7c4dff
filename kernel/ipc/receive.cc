#include "kernel/ipc/receive.h"

#include <optional>

#include "kernel/ipc/port.h"
#include "kernel/ipc/port_set.h"
#include "kernel/kern/thread.h"

namespace ipc {
namespace {

// The port the next message would come from, or null.
Port* ready_port(ReceivePoint& point) {
  if (point.kind() == ReceivePoint::Kind::kPort) {
    auto& port = static_cast<Port&>(point);
    return port.has_message() ? &port : nullptr;
  }
  auto& set = static_cast<PortSet&>(point);
  return set.has_message() ? &set.next_ready() : nullptr;
}

Received take_message(Port& port, const ReceiveLimits& limits) {
  const mach_msg_size_t size = port.next_message_size();
  if (size > limits.size && limits.leave_large()) return {MACH_RCV_TOO_LARGE, nullptr, size};
  Received r{size > limits.size ? MACH_RCV_TOO_LARGE : MACH_MSG_SUCCESS, port.dequeue(), 0};
  // The set's other members get their turn before this one's next message.
  if (PortSet* set = port.set()) set->rotate(port);
  return r;
}

}  // namespace

Received finish_receiving(ThreadIpc& me, kern::WaitResult wait) {
  if (me.link.linked()) [[unlikely]] {
    me.link.unlink();
    return {wait == kern::WaitResult::kTimedOut ? MACH_RCV_TIMED_OUT : MACH_RCV_INTERRUPTED,
            nullptr, 0};
  }
  if (Message* m = std::exchange(me.straight_message, nullptr)) {
    m->header_translated = true;
    m->body_translated = true;
    return {MACH_MSG_SUCCESS, MessagePtr(m), 0};
  }
  return {me.result, MessagePtr(std::exchange(me.message, nullptr)), me.receive_size};
}

Received receive(ReceivePoint& point, const ReceiveLimits& limits, kern::Deadline deadline,
                 kern::Interruptible interruptible, PendingWake& wake) {
  Port::pay_debts();
  if (Port* port = ready_port(point)) return take_message(*port, limits);
  if (deadline.us() == kern::Deadline::passed().us()) return {MACH_RCV_TIMED_OUT, nullptr, 0};
  ThreadIpc& me = kern::current_thread().ipc;
  const bool plain = deadline.is_never() && interruptible == kern::Interruptible::kYes &&
                     !(limits.option & MACH_RCV_NOTIFY);
  start_receiving(me, point, limits, plain ? limits.size : 0);
  kern::prepare_wait(interruptible);
  return finish_receiving(me, wake.block(deadline));
}

}  // namespace ipc
