// The default memory manager (book: vm_set_default_memory_manager).
#pragma once

#include "kernel/ipc/right.h"

namespace vm {

// A send right for the present default memory manager, null before one is set.
ipc::SendRight default_memory_manager();
// Installs a manager; returns the old one. A null or dead right changes nothing.
ipc::SendRight set_default_memory_manager(ipc::SendRight manager);

}  // namespace vm
