// What the page allocator, the page-out daemon and threads short of memory tell one another.
#pragma once

#include <cstdint>

#include "kernel/vm/page_allocator.h"

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

// Kernel memory is not waited for, and users' page faults leave some of the reserve to it. Who is about to need more than a
// little of that, such as for a task, waits here first as users would, but a second at most. No lock held.
void wait_before_using_kernel_memory();

}  // namespace vm
