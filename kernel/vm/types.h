// Small types of the virtual memory system.
#pragma once

#include <mach/kern_return.h>
#include <mach/vm_inherit.h>
#include <mach/vm_prot.h>

#include <cstdint>

#include "kernel/arch/phys.h"

namespace vm {

using Address = uint32_t;  // in a user address space
using Offset = uint32_t;   // in a memory object, bytes
using Size = uint32_t;     // bytes

inline constexpr uint32_t kPageSize = arch::kPageSize;
inline constexpr uint32_t kPageShift = arch::kPageShift;
inline constexpr uint32_t kPageMask = kPageSize - 1;

// One past the last user address.
inline constexpr Address kUserEnd = 0xC0000000;
// Memory the kernel places itself starts here: address zero stays invalid.
inline constexpr Address kAnywhereStart = 0x10000;

constexpr uint32_t trunc_page(uint32_t v) { return v & ~kPageMask; }
// Wraps to 0 above 0xFFFFF000; ranges from users go through PageRange::covering().
constexpr uint32_t round_page(uint32_t v) { return (v + kPageMask) & ~kPageMask; }

// Whole pages [start, end) of a user address space.
struct PageRange {
  Address start = 0;
  Address end = 0;

  [[nodiscard]] constexpr bool empty() const { return start == end; }
  [[nodiscard]] constexpr Size size() const { return end - start; }

  // The pages that overlap [address, address + size). False when the range wraps or leaves the
  // user's part of the address space. A size of zero is an empty range.
  static constexpr bool covering(Address address, Size size, PageRange& range) {
    if (address > kUserEnd || size > kUserEnd - address) return false;
    range.start = trunc_page(address);
    range.end = size == 0 ? range.start : round_page(address + size);
    return true;
  }
};

}  // namespace vm
