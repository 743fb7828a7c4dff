// What the machine's pages are used for, counted page by page when somebody asks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace vm {

// Chunk sizes of the kernel heap.
inline constexpr size_t kHeapClasses = 18;

struct MemoryUse {
  struct HeapClass {
    uint32_t chunk_size = 0;
    uint32_t chunks = 0;  // in use
    uint32_t pages = 0;
  };

  uint32_t free = 0;
  uint32_t user = 0;          // in memory objects, or about to be
  uint32_t kernel_heap = 0;   // cut into chunks
  uint32_t kernel_other = 0;  // stacks, page tables, large heap blocks
  std::array<HeapClass, kHeapClasses> heap;
};

// Looks at every page: not for hot paths.
MemoryUse memory_use();

}  // namespace vm
