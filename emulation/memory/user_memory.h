// The program's memory. The library runs in the same address space, so a wild pointer given to a
// system call would fault inside the library. These copies survive that: the process server sends
// a thread that faults in [copy_begin, copy_end) to copy_fault, and the copy answers false.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emulation {

extern "C" {
// Copies `size` bytes; 0 when done, else the number of bytes not copied.
uint32_t emulation_copy(void* to, const void* from, uint32_t size);
// The length of a string below `limit`, `limit` when it has no end there, or ~0 for a fault.
uint32_t emulation_string_length(const char* string, uint32_t limit);
}

inline constexpr uint32_t kProgramLimit = 0xb8000000;  // the library and what is above it
inline constexpr uint32_t kStackLimit = 0xc0000000;

// Whether [address, address + size) can be the program's at all: not the library's memory.
inline bool program_range(uint32_t address, uint32_t size) {
  const uint64_t end = static_cast<uint64_t>(address) + size;
  return end <= kProgramLimit || (address >= 0xbc000000u && end <= kStackLimit);
}

[[nodiscard]] inline bool copy_in(void* to, uint32_t from, uint32_t size) {
  return program_range(from, size) &&
         emulation_copy(to, reinterpret_cast<const void*>(from), size) == 0;
}
[[nodiscard]] inline bool copy_out(uint32_t to, const void* from, uint32_t size) {
  return program_range(to, size) && emulation_copy(reinterpret_cast<void*>(to), from, size) == 0;
}
// Whether `size` bytes (at most a page) of the program's memory can be written in place now: tried
// with the first and the last of them, which are zero afterwards.
[[nodiscard]] inline bool try_out(uint32_t to, uint32_t size) {
  const uint32_t last = to + size - 1;
  const char zero = 0;
  return program_range(to, size) && emulation_copy(reinterpret_cast<void*>(to), &zero, 1) == 0 &&
         ((to ^ last) < 4096 || emulation_copy(reinterpret_cast<void*>(last), &zero, 1) == 0);
}
template <typename T>
[[nodiscard]] bool copy_in(T& to, uint32_t from) {
  return copy_in(&to, from, sizeof(T));
}
template <typename T>
[[nodiscard]] bool copy_out(uint32_t to, const T& from) {
  return copy_out(to, &from, sizeof(T));
}

}  // namespace emulation
