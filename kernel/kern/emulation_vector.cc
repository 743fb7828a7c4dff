#include "kernel/kern/emulation_vector.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <new>

namespace kern {
namespace {

constexpr base::ErrorCode kBadCount = 0x8002;  // EML_BAD_CNT

}  // namespace

EmulationVector::~EmulationVector() { delete[] entries_; }

base::Result<base::Ref<EmulationVector>> EmulationVector::updated(
    const EmulationVector* old, int start, std::span<const uint32_t> routines) {
  int64_t first = start;
  int64_t end = first + static_cast<int64_t>(routines.size());
  if (old != nullptr) {
    first = std::min<int64_t>(first, old->start_);
    end = std::max<int64_t>(end, int64_t{old->start_} + old->count_);
  }
  if (end - first > kMaxEntries || end > INT32_MAX) return base::Error(kBadCount);

  const auto count = static_cast<uint32_t>(end - first);
  auto* entries = new (std::nothrow) uint32_t[count]();
  if (entries == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  if (old != nullptr) std::copy_n(old->entries_, old->count_, entries + (old->start_ - first));
  std::ranges::copy(routines, entries + (start - first));
  auto fresh = base::adopt_ref(
      new (std::nothrow) EmulationVector(static_cast<int>(first), count, entries));
  if (!fresh) {
    delete[] entries;
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  return fresh;
}

}  // namespace kern
