#include "kernel/vm/offset_set.h"

#include <new>

namespace vm {

void OffsetSet::clear() {
  if (!leaves_) return;
  for (uint32_t i = 0; i < kLeaves; ++i) delete leaves_[i];
  delete[] leaves_;
  leaves_ = nullptr;
}

bool OffsetSet::contains(Offset offset) const {
  if (!leaves_) return false;
  const uint32_t page = offset >> kPageShift;
  const Leaf* leaf = leaves_[page / kLeafPages];
  return leaf && (leaf->bits[page % kLeafPages / 32] >> (page % 32) & 1);
}

base::Status OffsetSet::add(Offset offset) {
  if (!leaves_) {
    leaves_ = new (std::nothrow) Leaf*[kLeaves]();
    if (!leaves_) return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  const uint32_t page = offset >> kPageShift;
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
