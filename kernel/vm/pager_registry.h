// The objects of memory managers, by memory object port, and the cache of those without users.
#pragma once

#include "kernel/ipc/right.h"
#include "kernel/vm/object.h"
#include "kernel/vm/pager.h"

namespace vm {

// The object for a memory object port, made (memory_object_init) at the first use.
// KERN_INVALID_ARGUMENT: no live port. KERN_RESOURCE_SHORTAGE. graph_lock not held.
base::Result<base::Ref<Object>> object_for_port(ipc::SendRight memory_object);

// A port by which vm_map can map an object of the kernel's own (device_map): the object lives as
// long as the port has senders. KERN_RESOURCE_SHORTAGE.
base::Result<ipc::SendRight> export_object(base::Ref<Object> object);

}  // namespace vm
