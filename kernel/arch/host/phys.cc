// Physical memory of the unit-test machine: an array.
#include "kernel/arch/phys.h"

#include <sys/mman.h>

#include <cstring>

#include "kernel/kern/assert.h"

namespace arch {
namespace {

constexpr uint32_t kMemoryBytes = 32u << 20;
// Page 0 stays unused, so that a physical address of zero is always a mistake.
constexpr PhysRange kFree = {{kPageSize}, {kMemoryBytes}};

char* memory() {
  static char* const start = [] {
    void* p = mmap(nullptr, kMemoryBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    KASSERT(p != MAP_FAILED);
    return static_cast<char*>(p);
  }();
  return start;
}

char* at(PhysAddr a, size_t size) {
  KASSERT(a.value <= kMemoryBytes && size <= kMemoryBytes - a.value);
  return memory() + a.value;
}

}  // namespace

std::span<const PhysRange> free_memory() { return {&kFree, 1}; }
uint32_t memory_size() { return kMemoryBytes; }
uint32_t phys_page_limit() { return kMemoryBytes >> kPageShift; }

bool is_direct_mapped(PhysAddr a) { return a.value < kMemoryBytes; }
void* direct_map(PhysAddr a) { return at(a, 1); }

PhysAddr direct_to_phys(const void* p) {
  const auto offset = static_cast<const char*>(p) - memory();
  KASSERT(offset >= 0 && static_cast<uint32_t>(offset) < kMemoryBytes);
  return {static_cast<uint32_t>(offset)};
}

void zero_page(PhysAddr page) { memset(at(page, kPageSize), 0, kPageSize); }

void copy_page(PhysAddr from, PhysAddr to) {
  memcpy(at(to, kPageSize), at(from, kPageSize), kPageSize);
}

void copy_from_phys(void* to, PhysAddr from, size_t size) { memcpy(to, at(from, size), size); }
void copy_to_phys(PhysAddr to, const void* from, size_t size) { memcpy(at(to, size), from, size); }

}  // namespace arch
