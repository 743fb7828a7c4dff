#include "kernel/vm/memory_use.h"

#include "kernel/vm/heap.h"
#include "kernel/vm/page.h"
#include "kernel/vm/page_allocator.h"

namespace vm {

MemoryUse memory_use() {
  MemoryUse use;
  for (size_t i = 0; i < kHeapClasses; ++i) use.heap[i].chunk_size = heap_class_size(i);
  use.free = free_page_count();
  for (uint32_t n = 0; n < arch::phys_page_limit(); ++n) {
    const Page& page = page_array[n];
    if (page.state == PageState::kUser) {
      ++use.user;
    } else if (page.state == PageState::kKernel && page.order != 0) {
      MemoryUse::HeapClass& c = use.heap[page.order - 1u];
      ++use.kernel_heap;
      ++c.pages;
      c.chunks += page.heap_used;
    } else if (page.state == PageState::kKernel) {
      ++use.kernel_other;
    }
  }
  return use;
}

}  // namespace vm
