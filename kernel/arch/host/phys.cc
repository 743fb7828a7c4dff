// Physical memory of the unit-test machine: an array.
#include "kernel/arch/phys.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "kernel/arch/host/boot_settings.h"
#include "kernel/kern/assert.h"

namespace arch {
namespace {

uint32_t memory_bytes = 32u << 20;
// Page 0 stays unused, so that a physical address of zero is always a mistake.
PhysRange free_range = {{kPageSize}, {memory_bytes}};

char* memory() {
  static char* const start = [] {
    void* p = mmap(nullptr, memory_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                   -1, 0);
    KASSERT(p != MAP_FAILED);
    return static_cast<char*>(p);
  }();
  return start;
}

char* at(PhysAddr a, size_t size) {
  KASSERT(a.value <= memory_bytes && size <= memory_bytes - a.value);
  return memory() + a.value;
}

}  // namespace

void set_memory_size(uint32_t bytes) {
  memory_bytes = bytes;
  free_range.end = {bytes};
}

std::span<const char> machine_memory() { return {memory(), memory_bytes}; }

PhysAddr place_in_memory(std::span<const char> data) {
  const auto pages = static_cast<uint32_t>((data.size() + kPageSize - 1) >> kPageShift);
  free_range.end = {free_range.end.value - (pages << kPageShift)};
  std::ranges::copy(data, at(free_range.end, data.size()));
  return free_range.end;
}

std::span<const PhysRange> free_memory() { return {&free_range, 1}; }
uint32_t memory_size() { return memory_bytes; }
uint32_t phys_page_limit() { return memory_bytes >> kPageShift; }

bool is_direct_mapped(PhysAddr a) { return a.value < memory_bytes; }
void* direct_map(PhysAddr a) { return at(a, 1); }

PhysAddr direct_to_phys(const void* p) {
  const auto offset = static_cast<const char*>(p) - memory();
  KASSERT(offset >= 0 && static_cast<uint32_t>(offset) < memory_bytes);
  return {static_cast<uint32_t>(offset)};
}

void zero_page(PhysAddr page) { memset(at(page, kPageSize), 0, kPageSize); }

void copy_page(PhysAddr from, PhysAddr to) {
  memcpy(at(to, kPageSize), at(from, kPageSize), kPageSize);
}

void copy_from_phys(void* to, PhysAddr from, size_t size) { memcpy(to, at(from, size), size); }
void copy_to_phys(PhysAddr to, const void* from, size_t size) { memcpy(at(to, size), from, size); }

}  // namespace arch
