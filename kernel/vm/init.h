// Start of the virtual memory system.
#pragma once

namespace vm {

// Page allocator, heap, page lookup. Needs arch::free_memory() only.
void init();

// Starts the page-out daemon; needs threads.
void start_threads();

}  // namespace vm
