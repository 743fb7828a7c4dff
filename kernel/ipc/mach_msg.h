// The traps of the message system (book chapters 2 and 3).
#pragma once

#include <mach/message.h>
#include <mach/port.h>

#include <cstdint>

#include "kernel/traps/convention.h"

namespace ipc {

// As they are on the caller's stack: `msg` is a user address, names are those of the current task.
struct MachMsgArguments {
  uint32_t msg;
  mach_msg_option_t option;
  mach_msg_size_t send_size;
  mach_msg_size_t rcv_size;
  mach_port_t rcv_name;
  mach_msg_timeout_t timeout;
  mach_port_t notify;
};

// mach_msg_trap. Blocks.
TRAP mach_msg_return_t mach_msg_trap(MachMsgArguments a);

// mach_reply_port: name of a new receive right in the current task, or MACH_PORT_NULL.
TRAP mach_port_t mach_reply_port();

}  // namespace ipc
