// The program's part of the address space: mmap, brk, and what exec does with them.
#pragma once

#include <cstdint>

#include <mach/port.h>
#include <mach/vm_prot.h>

namespace emulation {

inline constexpr uint32_t kPageSize = 4096;
inline constexpr uint32_t kMmapTop = 0xb7f00000;
inline constexpr uint32_t kMmapBottom = 0x40000000;
inline constexpr uint32_t kStackTop = 0xbffff000;
inline constexpr uint32_t kStackSize = 8 * 1024 * 1024;

inline constexpr uint32_t page_floor(uint32_t address) { return address & ~(kPageSize - 1); }
inline constexpr uint32_t page_ceiling(uint32_t address) {
  return (address + kPageSize - 1) & ~(kPageSize - 1);
}

// Whether the program may map, unmap or protect [address, address + size).
bool program_may_map(uint32_t address, uint32_t size);

// A free range of `size` bytes for mmap, the highest below kMmapTop; 0 when there is none.
uint32_t find_free_range(uint32_t size);

// Maps `object` (MACH_PORT_NULL: zero-filled memory) at `address`, replacing what is there.
// Returns 0 or -errno.
enum class Sharing { kPrivate, kShared };
int32_t map_at(uint32_t address, uint32_t size, mach_port_t object, uint32_t offset,
               Sharing sharing, vm_prot_t protection);

// Frees all memory of the program (everything but the library and the process page).
void unmap_program();

}  // namespace emulation
