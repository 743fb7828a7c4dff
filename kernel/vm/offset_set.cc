#include "kernel/vm/offset_set.h"

#include <algorithm>
#include <bit>
#include <new>

namespace vm {

void OffsetSet::clear() {
  for (uint32_t i = 0; i < leaf_count_; ++i) delete leaves_[i];
  delete[] leaves_;
  leaves_ = nullptr;
  leaf_count_ = 0;
}

bool OffsetSet::contains(Offset offset) const {
  const uint32_t page = offset >> kPageShift;
  if (page / kLeafPages >= leaf_count_) return false;
  const Leaf* leaf = leaves_[page / kLeafPages];
  return leaf && (leaf->bits[page % kLeafPages / 32] >> (page % 32) & 1);
}

// Makes leaves_[index] exist. False: memory is short.
bool OffsetSet::make_room(uint32_t index) {
  if (index < leaf_count_) return true;
  const uint32_t count = std::bit_ceil(index + 1);
  auto** leaves = new (std::nothrow) Leaf*[count]();
  if (!leaves) return false;
  std::copy_n(leaves_, leaf_count_, leaves);
  delete[] leaves_;
  leaves_ = leaves;
  leaf_count_ = count;
  return true;
}

base::Status OffsetSet::add(Offset offset) {
  const uint32_t page = offset >> kPageShift;
  if (!make_room(page / kLeafPages)) return base::Error(KERN_RESOURCE_SHORTAGE);
  Leaf*& leaf = leaves_[page / kLeafPages];
  if (!leaf) {
    leaf = new (std::nothrow) Leaf();
    if (!leaf) return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  leaf->bits[page % kLeafPages / 32] |= 1u << (page % 32);
  return {};
}

void OffsetSet::remove(Offset offset) {
  if (!contains(offset)) return;
  const uint32_t page = offset >> kPageShift;
  leaves_[page / kLeafPages]->bits[page % kLeafPages / 32] &= ~(1u << (page % 32));
}

}  // namespace vm
