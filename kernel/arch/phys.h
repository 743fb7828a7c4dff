// Physical memory: addresses, the direct map, page operations.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

namespace arch {

inline constexpr uint32_t kPageShift = 12;
inline constexpr uint32_t kPageSize = 1u << kPageShift;

// A physical byte address. Never mixes with virtual addresses.
struct PhysAddr {
  uint32_t value = 0;

  friend constexpr auto operator<=>(PhysAddr, PhysAddr) = default;
  friend constexpr PhysAddr operator+(PhysAddr a, uint32_t bytes) { return {a.value + bytes}; }
  [[nodiscard]] constexpr uint32_t page_number() const { return value >> kPageShift; }
  static constexpr PhysAddr from_page_number(uint32_t n) { return {n << kPageShift}; }
};

// [start, end), page aligned.
struct PhysRange {
  PhysAddr start;
  PhysAddr end;
};

// Usable memory that boot left free (kernel, modules and boot structures excluded), ascending. No
// range straddles the end of the direct map.
// Valid from the start of kernel initialization on.
std::span<const PhysRange> free_memory();

// Bytes of usable memory in the machine, and the first physical page number beyond it.
uint32_t memory_size();
uint32_t phys_page_limit();

// Memory the kernel can address permanently ("low"): page tables, stacks and the heap live there.
bool is_direct_mapped(PhysAddr a);
// Kernel address of a low physical address; asserts is_direct_mapped().
void* direct_map(PhysAddr a);
// The inverse; `p` must be an address direct_map() can return.
PhysAddr direct_to_phys(const void* p);

// Whole pages, low or high.
void zero_page(PhysAddr page);
void copy_page(PhysAddr from, PhysAddr to);

// Byte ranges of physical memory, low or high; may cross pages.
void copy_from_phys(void* to, PhysAddr from, size_t size);
void copy_to_phys(PhysAddr to, const void* from, size_t size);

}  // namespace arch
