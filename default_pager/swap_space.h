// SwapSpace: the slots of all devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
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
  explicit SwapSpace(std::pmr::memory_resource& memory) : memory_(memory), devices_(&memory) {}

  // Begins to use a device; its number. KERN_RESOURCE_SHORTAGE: too many, or no memory;
  // KERN_INVALID_ARGUMENT: it holds no page; KERN_NAME_EXISTS: one of that name is in use.
  base::Result<uint32_t> add(std::unique_ptr<SwapDevice> device);

  // Stops taking slots of the device with a name; its number. The caller moves what it holds to other devices and
  // calls remove(), or gives up with reopen(). KERN_INVALID_ARGUMENT: there is none; KERN_RESOURCE_SHORTAGE:
  // what it holds does not fit on the others.
  base::Result<uint32_t> close(std::string_view name);
  void reopen(uint32_t number) { devices_[number].open = true; }
  // Ends using a closed device, of which no slot is in use.
  void remove(uint32_t number);

  // Takes up to `wanted` neighbouring slots: as many as there are in one place.
  SlotRun allocate(uint32_t wanted);
  void release(SlotRun run);
  // Takes slots the device cannot write out of use for good.
  void retire(SlotRun run) { devices_[device_of(run.first)].bad += run.count; }

  // The first pages of the run, one at least (SwapDevice::read).
  base::Result<PageBlock> read(SlotRun run);
  // As many pages as the run has slots.
  base::Status write(SlotRun run, std::span<const std::byte> pages);

  // Of one device, in pages.
  struct Usage {
    std::string_view name;
    uint32_t total;  // without those retired
    uint32_t free;
  };
  // Calls visit(usage) for every device.
  template <typename F>
  void for_each_device(F visit) const {
    for (const Entry& entry : devices_) {
      if (entry.device) visit(entry.usage());
    }
  }
  // Of all devices that are open.
  [[nodiscard]] uint32_t total_pages() const;
  [[nodiscard]] uint32_t free_pages() const;

 private:
  struct Entry {
    std::unique_ptr<SwapDevice> device;  // null: the number is free
    SlotBitmap used;
    uint32_t bad = 0;
    bool open = true;

    [[nodiscard]] Usage usage() const {
      return {device->name(), used.page_count() - bad, used.free_count()};
    }
    [[nodiscard]] uint32_t in_use() const { return used.page_count() - bad - used.free_count(); }
  };
  [[nodiscard]] Entry* find(std::string_view name);

  std::pmr::memory_resource& memory_;
  std::pmr::vector<Entry> devices_;
  uint32_t next_device_ = 0;
};

}  // namespace default_pager
