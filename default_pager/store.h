// Store: where pages of objects go and where they are found again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "default_pager/block_map.h"
#include "default_pager/page_block.h"
#include "default_pager/swap_space.h"
#include "libs/base/result.h"

namespace default_pager {

class Store {
 public:
  // Longest run of pages read or written at once.
  static constexpr uint32_t kMaxRun = 32;

  explicit Store(SwapSpace& space) : space_(space) {}

  // What there is of the pages from one on: pages alike, of which a slot holds the first at `run`
  // and the others next to it, or none.
  struct Extent {
    Slot kind;  // kNoSlot, kKernelHolds, or the first page's slot
    uint32_t count;
  };
  // The extent at `page`, of at most `limit` pages (not 0).
  [[nodiscard]] static Extent find(const BlockMap& map, uint32_t page, uint32_t limit);

  // The contents of the first pages, one at least, of an extent held by slots.
  base::Result<PageBlock> read(const Extent& extent);

  // Keeps new contents of neighbouring pages, in as few runs as there are places for. Returns how
  // many pages were stored, beginning with the first; the others are marked kKernelHolds.
  uint32_t write(BlockMap& map, uint32_t page, std::span<const std::byte> data);

  // Moves what slots of a closed device hold of an object to other devices. KERN_RESOURCE_SHORTAGE: it does not
  // fit; KERN_FAILURE: it cannot be read. What was moved until then stays moved.
  base::Status move(BlockMap& map, uint32_t device);

  // The object has ended.
  void release(BlockMap& map);

 private:
  bool write_run(BlockMap& map, uint32_t page, std::span<const std::byte> data, uint32_t& stored);
  base::Result<uint32_t> move_extent(BlockMap& map, uint32_t page, const Extent& extent);
  void forget(BlockMap& map, uint32_t page, uint32_t count);

  SwapSpace& space_;
};

}  // namespace default_pager
