// The default memory manager (book: vm_set_default_memory_manager).
#pragma once

#include "kernel/ipc/right.h"
#include "kernel/vm/object.h"
#include "libs/base/result.h"

namespace ipc {
class Space;
}

namespace vm {

// A send right for the present default memory manager, null before one is set.
ipc::SendRight default_memory_manager();
// Installs a manager; returns the old one. A null or dead right changes nothing.
ipc::SendRight set_default_memory_manager(ipc::SendRight manager);

// Whether the task of the default memory manager manages the pager's object.
bool is_default_manager(const Pager& pager);
// Whether that is the task with these port names.
bool is_default_manager(const ipc::Space& names);

// Makes the default memory manager responsible for kernel-made memory (memory_object_create).
// graph_lock held. KERN_FAILURE: there is none. KERN_RESOURCE_SHORTAGE.
base::Status give_to_default_manager(Object& object);

}  // namespace vm
