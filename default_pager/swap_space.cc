#include "default_pager/swap_space.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <new>
#include <utility>

namespace default_pager {

SwapSpace::Entry* SwapSpace::find(std::string_view name) {
  const auto found = std::ranges::find_if(
      devices_, [name](const Entry& e) { return e.device && e.device->name() == name; });
  return found == devices_.end() ? nullptr : &*found;
}

base::Result<uint32_t> SwapSpace::add(std::unique_ptr<SwapDevice> device) {
  const uint32_t pages = std::min(device->page_count(), kMaxDevicePages - 1);
  if (pages == 0) return base::Error(KERN_INVALID_ARGUMENT);
  if (find(device->name()) != nullptr) return base::Error(KERN_NAME_EXISTS);
  const auto free = std::ranges::find_if(devices_, [](const Entry& e) { return !e.device; });
  const auto number = static_cast<uint32_t>(free - devices_.begin());
  if (number == kMaxDevices) return base::Error(KERN_RESOURCE_SHORTAGE);
  try {
    Entry entry{.device = std::move(device), .used = SlotBitmap(pages, memory_)};
    if (free == devices_.end()) {
      devices_.push_back(std::move(entry));
    } else {
      *free = std::move(entry);
    }
  } catch (const std::bad_alloc&) {
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  return number;
}

base::Result<uint32_t> SwapSpace::close(std::string_view name) {
  Entry* entry = find(name);
  if (entry == nullptr || !entry->open) return base::Error(KERN_INVALID_ARGUMENT);
  entry->open = false;
  if (entry->in_use() > free_pages()) {
    entry->open = true;
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  return static_cast<uint32_t>(entry - devices_.data());
}

void SwapSpace::remove(uint32_t number) {
  devices_[number] = Entry{.device = nullptr, .used = SlotBitmap(0, memory_)};
}

// The device used last goes on being used until it has no stretch that is long enough.
SlotRun SwapSpace::allocate(uint32_t wanted) {
  SlotRun best;
  const auto count = static_cast<uint32_t>(devices_.size());
  for (uint32_t i = 0; i < count && best.count < wanted; ++i) {
    const uint32_t number = (next_device_ + i) % count;
    if (!devices_[number].device || !devices_[number].open) continue;
    const SlotBitmap::Range range = devices_[number].used.allocate(wanted);
    const SlotRun run{make_slot(number, range.start), range.count};
    if (run.count <= best.count) {
      release(run);
      continue;
    }
    release(best);
    best = run;
  }
  if (best.count != 0) next_device_ = device_of(best.first);
  return best;
}

void SwapSpace::release(SlotRun run) {
  if (run.count == 0) return;
  SlotBitmap& used = devices_[device_of(run.first)].used;
  for (uint32_t i = 0; i < run.count; ++i) used.release(page_of(run.first) + i);
}

base::Result<PageBlock> SwapSpace::read(SlotRun run) {
  return devices_[device_of(run.first)].device->read(page_of(run.first), run.count);
}

base::Status SwapSpace::write(SlotRun run, std::span<const std::byte> pages) {
  return devices_[device_of(run.first)].device->write(page_of(run.first), pages);
}

uint32_t SwapSpace::total_pages() const {
  uint32_t pages = 0;
  for (const Entry& e : devices_) pages += e.device && e.open ? e.usage().total : 0;
  return pages;
}

uint32_t SwapSpace::free_pages() const {
  uint32_t pages = 0;
  for (const Entry& e : devices_) pages += e.device && e.open ? e.usage().free : 0;
  return pages;
}

}  // namespace default_pager
