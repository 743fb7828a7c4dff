// Requests to kernel objects: finds the routine of a message id and runs it.
#pragma once

#include "kernel/ipc/message.h"

namespace kern {
class Task;
}

namespace rpc {

// Runs the request in the context of the current thread. Its destination (request->remote()) is the
// port of a kernel object: a counted right, or with remote_type() 0 a port that the caller keeps
// alive. Returns the answer, addressed to the reply right of the request, or null when none is due:
// there is no reply right, or the routine is one-way, or it took the reply right to answer later.
// An id that no interface knows is answered with MIG_BAD_ID. May block.
ipc::MessagePtr dispatch(ipc::MessagePtr request);

// For a message as the task sent it, names and all: true if it was a memory_object_data_supply of the usual
// kind and is done, without rights and memory in transit. False: nothing has happened.
bool supply_straight(kern::Task& task, const ipc::Message& names);

inline constexpr mach_msg_id_t kDataSupply = 2093;  // its id

}  // namespace rpc
