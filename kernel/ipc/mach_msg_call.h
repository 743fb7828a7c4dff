// The parts of the mach_msg trap. Internal to kernel/ipc.
#pragma once

#include "kernel/ipc/copyin.h"
#include "kernel/ipc/mach_msg.h"
#include "kernel/ipc/receive.h"
#include "kernel/kern/task.h"
#include "kernel/kern/time.h"

namespace ipc {

// One mach_msg_trap, and on whose behalf it runs.
struct MachMsgCall : MachMsgArguments {
  kern::Task& task;

  [[nodiscard]] bool has(mach_msg_option_t bit) const { return (option & bit) != 0; }
  [[nodiscard]] Space& space() const { return task.space(); }
  // When an operation with (or without) this timeout option gives up.
  [[nodiscard]] kern::Deadline deadline(mach_msg_option_t timeout_bit) const {
    if (!has(timeout_bit)) return kern::Deadline::never();
    return timeout == 0 ? kern::Deadline::passed() : kern::Deadline::after_ms(timeout);
  }
  [[nodiscard]] ReceiveLimits receive_limits() const {
    return {rcv_size, option};
  }
};

// The receive half.
mach_msg_return_t receive_user_message(const MachMsgCall& call, PendingWake& wake);
// Its end: what was received goes to the user's buffer.
mach_msg_return_t complete_receive(const MachMsgCall& call, Received received);
// Body and bytes of a message whose header is translated already.
mach_msg_return_t put_received_message(const MachMsgCall& call, NamesPtr message);

// The whole call on the general path; with the message copied from user memory already.
mach_msg_return_t general_mach_msg(const MachMsgCall& call);
mach_msg_return_t general_mach_msg(const MachMsgCall& call, NamesPtr names);

// Sends a translated message, then receives if the call wants to.
mach_msg_return_t send_and_receive(const MachMsgCall& call, MessagePtr message);

// Turns the straight path off and on: tests compare both.
void enable_fast_rpc(bool enabled);

}  // namespace ipc
