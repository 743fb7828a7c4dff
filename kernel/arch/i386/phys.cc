// Physical memory through the direct map, or through a temporary window when it lies above it.
#include "kernel/arch/phys.h"

#include <algorithm>
#include <cstring>

#include "kernel/arch/i386/memory_layout.h"
#include "kernel/arch/i386/page_copy.h"
#include "kernel/arch/i386/page_table.h"
#include "kernel/arch/user_copy.h"
#include "kernel/kern/assert.h"

namespace arch {
namespace {

// Page-sized accesses are over before anything else can run, so two windows (copies need both)
// serve everybody.
enum class Window : uint32_t { kSource, kTarget };

char* page_pointer(PhysAddr page, Window window) {
  if (is_direct_mapped(page)) return static_cast<char*>(direct_map(page));
  return static_cast<char*>(map_window(static_cast<unsigned>(window), page));
}

PhysAddr page_of(PhysAddr a) { return {a.value & ~(kPageSize - 1)}; }
uint32_t offset_in_page(PhysAddr a) { return a.value & (kPageSize - 1); }

}  // namespace

bool is_direct_mapped(PhysAddr a) { return a.value < kDirectMapSize; }

void* direct_map(PhysAddr a) {
  KASSERT(is_direct_mapped(a));
  return reinterpret_cast<void*>(a.value + kKernelBase);
}

PhysAddr direct_to_phys(const void* p) {
  return {reinterpret_cast<uint32_t>(p) - kKernelBase};
}

void zero_page(PhysAddr page) { clear_page_at(page_pointer(page, Window::kTarget)); }

void copy_page(PhysAddr from, PhysAddr to) {
  const void* source = page_pointer(from, Window::kSource);
  copy_page_at(page_pointer(to, Window::kTarget), source);
}

void copy_from_phys(void* to, PhysAddr from, size_t size) {
  auto* out = static_cast<char*>(to);
  while (size != 0) {
    const size_t part = std::min<size_t>(size, kPageSize - offset_in_page(from));
    std::memcpy(out, page_pointer(page_of(from), Window::kSource) + offset_in_page(from), part);
    out += part;
    from.value += part;
    size -= part;
  }
}

void copy_to_phys(PhysAddr to, const void* from, size_t size) {
  auto* in = static_cast<const char*>(from);
  while (size != 0) {
    const size_t part = std::min<size_t>(size, kPageSize - offset_in_page(to));
    std::memcpy(page_pointer(page_of(to), Window::kTarget) + offset_in_page(to), in, part);
    in += part;
    to.value += part;
    size -= part;
  }
}

bool copy_phys_to_user_now(uint32_t to, PhysAddr from, size_t size) {
  KASSERT(size <= kPageSize - offset_in_page(from));
  return copy_bytes_now(reinterpret_cast<void*>(to),
                        page_pointer(page_of(from), Window::kSource) + offset_in_page(from), size);
}

bool copy_user_to_phys_now(PhysAddr to, uint32_t from, size_t size) {
  KASSERT(size <= kPageSize - offset_in_page(to));
  return copy_bytes_now(page_pointer(page_of(to), Window::kTarget) + offset_in_page(to),
                        reinterpret_cast<const void*>(from), size);
}

}  // namespace arch
