// SwapSpace: the slots of all partitions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <vector>

#include "default_pager/page_block.h"
#include "default_pager/slot.h"
#include "default_pager/slot_bitmap.h"
#include "default_pager/swap_device.h"
#include "libs/base/result.h"

namespace default_pager {

class SwapSpace {
 public:
  // `memory` is where the bitmaps lie.
  explicit SwapSpace(std::pmr::memory_resource& memory) : memory_(memory), partitions_(&memory) {}

  // Begins to use a device. KERN_RESOURCE_SHORTAGE: too many, or no memory; KERN_INVALID_ARGUMENT:
  // it holds no page.
  base::Status add(std::unique_ptr<SwapDevice> device);

  // Takes up to `wanted` neighbouring slots: as many as there are in one place.
  SlotRun allocate(uint32_t wanted);
  void release(SlotRun run);
  // Takes slots the device cannot write out of use for good.
  void retire(SlotRun run) { bad_ += run.count; }

  base::Result<PageBlock> read(SlotRun run);
  // As many pages as the run has slots.
  base::Status write(SlotRun run, std::span<const std::byte> pages);

  // Pages in all, without those retired, and those of them that are free.
  [[nodiscard]] uint32_t total_pages() const { return total_ - bad_; }
  [[nodiscard]] uint32_t free_pages() const { return free_; }

 private:
  struct Partition {
    std::unique_ptr<SwapDevice> device;
    SlotBitmap used;
  };

  std::pmr::memory_resource& memory_;
  std::pmr::vector<Partition> partitions_;
  uint32_t next_partition_ = 0;
  uint32_t total_ = 0;
  uint32_t free_ = 0;
  uint32_t bad_ = 0;
};

}  // namespace default_pager
