// Sending messages that are already in kernel form.
#pragma once

#include <optional>
#include <span>

#include "kernel/ipc/message.h"
#include "kernel/ipc/receive_point.h"
#include "kernel/kern/wait.h"
#include "libs/base/result.h"

namespace ipc {

// Sends: hands the message to a receiver, queues it, or waits for room until the deadline.
//  - MACH_MSG_SUCCESS: `message` is consumed. Messages to dead ports and circular messages are
//    destroyed; messages to kernel objects are dispatched here and now.
//  - MACH_SEND_TIMED_OUT, MACH_SEND_INTERRUPTED: the caller still has the message.
// Deadline::passed() polls. May block.
// A thread that got the message is left in `wake`.
mach_msg_return_t send(MessagePtr& message, kern::Deadline deadline,
                       kern::Interruptible interruptible, PendingWake& wake);

// The kernel sends: never blocks, ignores the queue limit, cannot fail.
void send_from_kernel(MessagePtr message);

// The kernel asks: sends `request` (destination set, no reply right) and waits for the answer at a
// reply port of the current thread. The answer is in kernel form; the caller checks msgh_id and
// the items. MACH_SEND_INTERRUPTED / MACH_RCV_INTERRUPTED when the thread is aborted;
// KERN_RESOURCE_SHORTAGE. A destination that dies gives a send-once notification as answer
// (msgh_id MACH_NOTIFY_SEND_ONCE). Blocks.
base::Result<MessagePtr> kernel_rpc(MessagePtr request);

// A word of a request's body that is a send right (its descriptor stands before it).
struct RightWord {
  uint32_t index;
  const SendRight* right;
};
inline constexpr size_t kMaxStraightRights = 2;
// A complex request: its id and what follows the header. At most kMaxStraightRights rights.
struct KernelRequest {
  mach_msg_id_t id;
  std::span<const uint32_t> body;
  std::span<const RightWord> rights;
};
// What the answer says: its id, and the code of a reply as mig makes them (else KERN_FAILURE).
struct KernelAnswer {
  mach_msg_id_t id;
  kern_return_t code;
};
KernelAnswer read_answer(Message& answer);

// The straight way of kernel_rpc(), for a request whose rights the receiver holds already:
// when a thread waits for it right now, the message is made in that task's names and goes from hand
// to hand, the answer too. Nothing: the way is closed, and nothing has been done.
std::optional<base::Result<KernelAnswer>> straight_rpc(const SendRight& destination,
                                                       const KernelRequest& request);

// The kernel tells: as send_from_kernel() of a message without a reply port, but made in the names of a
// thread that waits for it right now and holds the rights already. That thread has the message and is to
// be woken or handed the processor by the caller. Null: the way is closed, and nothing has been done.
kern::Thread* straight_notice(const SendRight& destination, const KernelRequest& request);

}  // namespace ipc
