// Where things are in the kernel's part of every address space.
#pragma once

#include <cstdint>

namespace arch {

inline constexpr uint32_t kKernelBase = 0xC0000000;
inline constexpr uint32_t kDirectMapSize = 768u << 20;
// Device mappings and the like (vm::kernel_map); page tables exist from boot on.
inline constexpr uint32_t kKernelRegionStart = 0xF0000000;
inline constexpr uint32_t kKernelRegionEnd = 0xFFC00000;
// Temporary windows on high memory: the last page table.
inline constexpr uint32_t kWindowStart = 0xFFC00000;

}  // namespace arch
