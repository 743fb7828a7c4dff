// Copying between the memory of a task and that of the calling thread's, page by page, without mapping
// what is not mapped: for data that is looked at once, such as files.
#pragma once

#include <mach/kern_return.h>
#include <mach/mach_traps.h>

#include "kernel/vm/map.h"

namespace vm {

// The most that one transfer copies.
inline constexpr Size kMaxTransfer = SYSCALL_VM_COPY_MAX;

// Copies `size` bytes at `address` of the map, none of which need be aligned, to (from) the memory of the
// current task at `buffer`, as if threads of both tasks had touched theirs. Blocks for page-ins.
// KERN_INVALID_ARGUMENT: more than kMaxTransfer, device memory, or wired memory to be written; KERN_INVALID_ADDRESS,
// KERN_PROTECTION_FAILURE, KERN_ABORTED (thread_abort), KERN_RESOURCE_SHORTAGE, and what memory managers cause:
// KERN_MEMORY_ERROR, KERN_MEMORY_FAILURE. How much was copied is not known then.
kern_return_t copy_to_caller(Map& map, Address address, Size size, Address buffer);
kern_return_t copy_from_caller(Map& map, Address address, Size size, Address buffer);

}  // namespace vm
