// Copying memory, much of it at once.
#pragma once

#include <cstddef>
#include <cstring>

extern "C" void process_copy_blocks(void* to, const void* from, size_t size);

namespace process {

// As memcpy. The C library's copies a word at a time; this one uses the SSE registers when that pays: the switch of
// the FPU to this task costs something, too.
inline void large_copy(void* to, const void* from, size_t size) {
  constexpr size_t kLarge = 4096;
  constexpr size_t kBlock = 128;  // SSE_BLOCK
  if (size < kLarge) {
    std::memcpy(to, from, size);
    return;
  }
  const size_t in_blocks = size - size % kBlock;
  process_copy_blocks(to, from, in_blocks);
  std::memcpy(static_cast<char*>(to) + in_blocks, static_cast<const char*>(from) + in_blocks, size - in_blocks);
}

}  // namespace process
