// Taking messages from ports and port sets.
#pragma once

#include "kernel/ipc/message.h"
#include "kernel/ipc/receive_point.h"
#include "kernel/kern/wait.h"

namespace ipc {

struct ReceiveLimits {
  mach_msg_size_t size;  // largest message taken
  // MACH_RCV_LARGE: a larger one stays queued. With MACH_RCV_NOTIFY no sender translates the header
  // for us; the kernel, which wants messages as they are, gives that bit therefore.
  mach_msg_option_t option;

  [[nodiscard]] bool leave_large() const { return (option & MACH_RCV_LARGE) != 0; }
};

struct Received {
  mach_msg_return_t result;
  // Stamped with its sequence number. Also set when `result` is MACH_RCV_TOO_LARGE and the message
  // was not left queued.
  MessagePtr message;
  // With MACH_RCV_TOO_LARGE and leave_large: how large it is.
  mach_msg_size_t left_size;
};

// Takes the next message, or waits for one. MACH_MSG_SUCCESS, MACH_RCV_TIMED_OUT,
// MACH_RCV_INTERRUPTED, MACH_RCV_TOO_LARGE, MACH_RCV_PORT_DIED, MACH_RCV_PORT_CHANGED. The point
// must be active and a port in no set. May block, handing the processor to the thread in `wake`;
// the point may be gone afterwards.
Received receive(ReceivePoint& point, const ReceiveLimits& limits, kern::Deadline deadline,
                 kern::Interruptible interruptible, PendingWake& wake);

// The two halves of a receive that waits: the current thread goes on the list of receivers, as one
// that takes messages up to `straight_size` straight;
inline void start_receiving(ThreadIpc& me, ReceivePoint& point, const ReceiveLimits& limits,
                            mach_msg_size_t straight_size) {
  me.receive_size = limits.size;
  me.receive_option = limits.option;
  me.straight_size = straight_size;
  point.receivers().push_back(&me);
}
// its wait has ended with `wait`.
Received finish_receiving(ThreadIpc& me, kern::WaitResult wait);

}  // namespace ipc
