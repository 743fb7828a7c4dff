// The kernel heap: size classes of chunks in low pages; behind operator new(std::nothrow).
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace vm {

// `size` bytes, aligned to 16 (to a page from 2049 bytes on). Null when memory is short.
void* heap_allocate(size_t size);
// Accepts null.
void heap_free(void* p);
// The same when the size that was asked for is known.
void heap_free(void* p, size_t size);

// Bytes handed out at present, rounding included: for statistics and leak checks.
size_t heap_bytes_in_use();

// Bytes of the chunks of size class `index`, below kHeapClasses (memory_use.h).
uint32_t heap_class_size(size_t index);

// Gives back what each size class keeps at hand: chunks, and an empty page.
void heap_release_cached_pages();

}  // namespace vm
