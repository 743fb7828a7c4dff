// From kernel form to the receiver's names (book chapter 2, message receive).
#pragma once

#include "kernel/ipc/copyin.h"
#include "kernel/ipc/message.h"
#include "kernel/ipc/space.h"
#include "kernel/vm/map.h"

namespace ipc {

// Turns the header of a received message into names: the destination is consumed, the reply right
// enters the space, the two change places. `notify`: MACH_RCV_NOTIFY's port, or null.
// MACH_RCV_HEADER_ERROR with MACH_MSG_IPC_SPACE or MACH_MSG_IPC_KERNEL: as copyout_header_only.
mach_msg_return_t copyout_header(Space& space, Message& message, Port* notify);

// Destroys the reply right and everything in the body; the header shows no reply right.
void copyout_header_only(Space& space, Message& message);

// Gives the body's rights and memory to the receiver. What does not fit is destroyed and shown as
// null; the result has a MACH_MSG_... bit for each kind of shortage.
mach_msg_return_t copyout_body(Space& space, vm::Map& map, Message& message);

// Pseudo-receive of a message that could not be sent: header rights as if they were in the body.
// Result as copyout_body.
mach_msg_return_t copyout_pseudo(Space& space, vm::Map& map, Message& message);

}  // namespace ipc
