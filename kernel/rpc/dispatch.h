// Requests to kernel objects: finds the routine of a message id and runs it.
#pragma once

#include "kernel/ipc/message.h"

namespace rpc {

// Runs the request in the context of the current thread. Its destination (request.remote()) is the
// port of a kernel object. Returns the answer, without destination, or null when none is due: the
// routine has none, or it took the reply right (request.take_reply()) to answer later. An id no
// interface knows is answered with MIG_BAD_ID. What the routine did not take stays in the request.
// May block.
ipc::MessagePtr dispatch(ipc::Message& request);

}  // namespace rpc
