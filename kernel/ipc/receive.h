// Taking messages from ports and port sets.
#pragma once

#include "kernel/ipc/message.h"
#include "kernel/ipc/receive_point.h"
#include "kernel/kern/wait.h"

namespace ipc {

struct ReceiveLimits {
  mach_msg_size_t size;  // largest message taken
  bool leave_large;      // a larger one stays queued (MACH_RCV_LARGE)
  // Nothing must happen between delivery and the translation of the header but that translation:
  // a sender may do it (user receive without MACH_RCV_NOTIFY).
  bool plain;
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

// The second half of receive(): the current thread has been put on a list of receivers by
// start_receiving() and its wait ended with `wait`.
void start_receiving(ThreadIpc& me, ReceivePoint& point, const ReceiveLimits& limits);
Received finish_receiving(ThreadIpc& me, kern::WaitResult wait);

}  // namespace ipc
