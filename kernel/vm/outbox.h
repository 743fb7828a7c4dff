// Messages that code under graph_lock has for others. They are sent, in order, when the outermost
// GraphLock of the moment has been released.
#pragma once

#include "kernel/ipc/message.h"

namespace vm {

void post_later(ipc::MessagePtr message);

}  // namespace vm
