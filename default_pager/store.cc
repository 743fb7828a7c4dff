#include "default_pager/store.h"

#include <mach/kern_return.h>

#include <algorithm>

namespace default_pager {

Store::Extent Store::find(const BlockMap& map, uint32_t page, uint32_t limit) {
  const Slot first = map.get(page);
  const uint32_t step = is_stored(first) ? 1 : 0;
  if (is_stored(first)) limit = std::min(limit, kMaxRun);
  uint32_t count = 1;
  while (count < limit && map.get(page + count) == first + count * step) ++count;
  return {first, count};
}

base::Result<PageBlock> Store::read(const Extent& extent) {
  return space_.read({extent.kind, extent.count});
}

// What slots hold of these pages is out of date.
void Store::forget(BlockMap& map, uint32_t page, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    const Slot slot = map.get(page + i);
    if (is_stored(slot)) space_.release({slot, 1});
    map.set(page + i, kKernelHolds);
  }
}

// Stores the beginning of `data` in one run of fresh slots. False: no slot is left.
bool Store::write_run(BlockMap& map, uint32_t page, std::span<const std::byte> data,
                      uint32_t& stored) {
  const SlotRun run = space_.allocate(static_cast<uint32_t>(data.size() / kPageSize));
  if (run.count == 0) return false;
  if (!space_.write(run, data.first(size_t{run.count} * kPageSize)).ok()) {
    space_.retire(run);
    stored = 0;
    return true;
  }
  for (uint32_t i = 0; i < run.count; ++i) map.set(page + i, run.first + i);
  stored = run.count;
  return true;
}

uint32_t Store::write(BlockMap& map, uint32_t page, std::span<const std::byte> data) {
  const auto count = static_cast<uint32_t>(data.size() / kPageSize);
  if (!map.reserve(page, count).ok()) return 0;
  // In place, when the pages lie together already.
  const Extent old = find(map, page, count);
  if (is_stored(old.kind) && old.count == count &&
      space_.write({old.kind, count}, data.first(size_t{count} * kPageSize)).ok()) {
    return count;
  }
  forget(map, page, count);
  uint32_t done = 0;
  while (done < count) {
    const uint32_t length = std::min(count - done, kMaxRun);
    uint32_t stored = 0;
    const auto part = data.subspan(size_t{done} * kPageSize, size_t{length} * kPageSize);
    if (!write_run(map, page + done, part, stored)) break;
    done += stored;
  }
  return done;
}

// How many pages of the extent were moved, from the first on.
base::Result<uint32_t> Store::move_extent(BlockMap& map, uint32_t page, const Extent& extent) {
  const PageBlock block = TRY(read(extent));
  const auto count = static_cast<uint32_t>(block.bytes().size() / kPageSize);
  for (uint32_t done = 0; done < count;) {
    const SlotRun run = space_.allocate(count - done);
    if (run.count == 0) return base::Error(KERN_RESOURCE_SHORTAGE);
    if (!space_.write(run, block.bytes().subspan(size_t{done} * kPageSize, size_t{run.count} * kPageSize)).ok()) {
      space_.retire(run);
      continue;
    }
    for (uint32_t i = 0; i < run.count; ++i) map.set(page + done + i, run.first + i);
    space_.release({extent.kind + done, run.count});
    done += run.count;
  }
  return count;
}

base::Status Store::move(BlockMap& map, uint32_t device) {
  const uint32_t end = map.end_page();
  for (uint32_t page = 0; page < end;) {
    const Extent extent = find(map, page, end - page);
    const bool on_it = is_stored(extent.kind) && device_of(extent.kind) == device;
    page += on_it ? TRY(move_extent(map, page, extent)) : extent.count;
  }
  return {};
}

void Store::release(BlockMap& map) {
  map.for_each_stored([this](uint32_t, Slot slot) { space_.release({slot, 1}); });
}

}  // namespace default_pager
