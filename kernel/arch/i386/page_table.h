// Page table entries and the pieces of the address space that exist from boot on.
#pragma once

#include <cstdint>

#include "kernel/arch/phys.h"

namespace arch {

using Pte = uint32_t;

namespace pte {
inline constexpr Pte kPresent = 1u << 0;
inline constexpr Pte kWritable = 1u << 1;
inline constexpr Pte kUser = 1u << 2;
inline constexpr Pte kWriteThrough = 1u << 3;
inline constexpr Pte kUncached = 1u << 4;
inline constexpr Pte kAccessed = 1u << 5;
inline constexpr Pte kDirty = 1u << 6;
inline constexpr Pte kGlobal = 1u << 8;
inline constexpr Pte kWired = 1u << 9;  // ours
inline constexpr Pte kAddress = ~0xFFFu;
}  // namespace pte

inline constexpr uint32_t kEntriesPerTable = 1024;
constexpr uint32_t directory_index(uint32_t va) { return va >> 22; }
constexpr uint32_t table_index(uint32_t va) { return (va >> kPageShift) & (kEntriesPerTable - 1); }

// Sets up the kernel's page tables and the mapping lists. Uses boot_allocate().
void init_paging();

// Makes window `index` (0 or 1) show the page; good until the same window is mapped again.
void* map_window(unsigned index, PhysAddr page);

}  // namespace arch
