#include "kernel/ipc/receive_point.h"

#include <utility>

namespace ipc {

PendingWake::~PendingWake() {
  if (thread_ != nullptr) kern::wake(thread_->thread);
}

kern::WaitResult PendingWake::block(kern::Deadline deadline) {
  if (thread_ == nullptr) return kern::block(deadline);
  return kern::handoff(std::exchange(thread_, nullptr)->thread, deadline);
}

void ReceivePoint::wake_receivers(mach_msg_return_t result) {
  while (ThreadIpc* receiver = receivers_.pop_front()) {
    receiver->result = result;
    kern::wake(receiver->thread);
  }
}

}  // namespace ipc
