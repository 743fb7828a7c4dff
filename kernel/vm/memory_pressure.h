// What the page allocator, the page-out daemon and threads short of memory tell one another.
#pragma once

#include <cstdint>

#include "kernel/vm/page_allocator.h"
#include "libs/base/result.h"

namespace vm {

// Below this many free pages the daemon starts work; it stops at the high water mark.
uint32_t low_water_pages();
uint32_t high_water_pages();

// Allocator: memory is getting short. Wakes the daemon; cheap to repeat.
void request_page_out();
// Allocator: pages came back. Wakes threads that wait for some.
void note_pages_freed();

// Whether threads wait for pages, in vain so far.
[[nodiscard]] bool threads_wait_for_pages();

// Waits (interruptibly) until allocations of the calling thread may succeed that dig so deep. False: interrupted, or for
// a while there has been nothing to free. No lock held.
[[nodiscard]] bool wait_for_free_pages(Reserve reserve = own_reserve());

// Kernel memory is not waited for where it is allocated. Who is about to need more than a little of it waits here first.
// For a task or thread, which anybody can make any number of: like page faults. KERN_RESOURCE_SHORTAGE: for a while
// there has been nothing to free. No lock held.
base::Status wait_for_task_memory();
// For a transfer of a device, with which memory may be freed: half a second at most.
void wait_for_transfer_memory();

}  // namespace vm
