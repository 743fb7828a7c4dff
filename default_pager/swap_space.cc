#include "default_pager/swap_space.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <new>
#include <utility>

namespace default_pager {

base::Status SwapSpace::add(std::unique_ptr<SwapDevice> device) {
  const uint32_t pages = std::min(device->page_count(), kMaxPartitionPages - 1);
  if (pages == 0) return base::Error(KERN_INVALID_ARGUMENT);
  if (partitions_.size() == kMaxPartitions) return base::Error(KERN_RESOURCE_SHORTAGE);
  try {
    partitions_.push_back({std::move(device), SlotBitmap(pages, memory_)});
  } catch (const std::bad_alloc&) {
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  total_ += pages;
  free_ += pages;
  return {};
}

// The partition used last goes on being used until it has no stretch that is long enough.
SlotRun SwapSpace::allocate(uint32_t wanted) {
  SlotRun best;
  const auto count = static_cast<uint32_t>(partitions_.size());
  for (uint32_t i = 0; i < count && best.count < wanted; ++i) {
    const uint32_t number = (next_partition_ + i) % count;
    const SlotBitmap::Range range = partitions_[number].used.allocate(wanted);
    free_ -= range.count;
    const SlotRun run{make_slot(number, range.start), range.count};
    if (run.count <= best.count) {
      release(run);
      continue;
    }
    release(best);
    best = run;
  }
  if (best.count != 0) next_partition_ = partition_of(best.first);
  return best;
}

void SwapSpace::release(SlotRun run) {
  if (run.count == 0) return;
  SlotBitmap& used = partitions_[partition_of(run.first)].used;
  for (uint32_t i = 0; i < run.count; ++i) used.release(page_of(run.first) + i);
  free_ += run.count;
}

base::Result<PageBlock> SwapSpace::read(SlotRun run) {
  return partitions_[partition_of(run.first)].device->read(page_of(run.first), run.count);
}

base::Status SwapSpace::write(SlotRun run, std::span<const std::byte> pages) {
  return partitions_[partition_of(run.first)].device->write(page_of(run.first), pages);
}

}  // namespace default_pager
