// What the page allocator, the page-out daemon and threads short of memory tell one another.
#pragma once

#include <cstdint>

namespace vm {

// Below this many free pages the daemon starts work; it stops at the high water mark.
uint32_t low_water_pages();
uint32_t high_water_pages();

// Allocator: memory is getting short. Wakes the daemon; cheap to repeat.
void request_page_out();
// Allocator: pages came back. Wakes threads that wait for some.
void note_pages_freed();

// Waits (interruptibly) until user allocations may succeed. False: interrupted, or the daemon found
// nothing to free. No lock held.
[[nodiscard]] bool wait_for_free_pages();

}  // namespace vm
