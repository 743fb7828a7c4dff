// Page faults.
#pragma once

#include <mach/kern_return.h>

#include "kernel/vm/map.h"
#include "kernel/vm/types.h"

namespace vm {

// Makes the page at `address` accessible in the map's pmap for `wanted` (VM_PROT_READ, or READ and
// WRITE). May block, interruptibly.
//   KERN_SUCCESS             retry the access
//   KERN_INVALID_ADDRESS     nothing is allocated there
//   KERN_PROTECTION_FAILURE  the protection forbids the access
//   KERN_MEMORY_ERROR        the memory manager reported an error (memory_object_data_error)
//   KERN_MEMORY_FAILURE      the memory manager has gone
//   KERN_RESOURCE_SHORTAGE   no memory
//   KERN_ABORTED             the wait was interrupted: for a fault in user mode go on to the
//                            return to user mode (the access faults again), for a copy to or from
//                            user memory fail
kern_return_t fault(Map& map, Address address, vm_prot_t wanted);

}  // namespace vm
