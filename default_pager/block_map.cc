#include "default_pager/block_map.h"

#include <mach/kern_return.h>

#include <new>

namespace default_pager {

BlockMap::~BlockMap() {
  std::pmr::memory_resource* const memory = leaves_.get_allocator().resource();
  for (Leaf* leaf : leaves_) {
    if (leaf != nullptr) memory->deallocate(leaf, sizeof(Leaf), alignof(Leaf));
  }
}

Slot BlockMap::get(uint32_t page) const {
  const uint32_t index = page / kLeafPages;
  if (index >= leaves_.size() || leaves_[index] == nullptr) return kNoSlot;
  return (*leaves_[index])[page % kLeafPages];
}

base::Status BlockMap::reserve(uint32_t page, uint32_t count) {
  if (count == 0) return {};
  const uint32_t last = (page + count - 1) / kLeafPages;
  try {
    if (last >= leaves_.size()) leaves_.resize(last + 1, nullptr);
    for (uint32_t i = page / kLeafPages; i <= last; ++i) {
      if (leaves_[i] != nullptr) continue;
      void* const room =
          leaves_.get_allocator().resource()->allocate(sizeof(Leaf), alignof(Leaf));
      leaves_[i] = new (room) Leaf{};
    }
  } catch (const std::bad_alloc&) {
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  return {};
}

void BlockMap::set(uint32_t page, Slot slot) {
  Slot& entry = (*leaves_[page / kLeafPages])[page % kLeafPages];
  stored_ -= is_stored(entry) ? 1 : 0;
  stored_ += is_stored(slot) ? 1 : 0;
  entry = slot;
}

}  // namespace default_pager
