#include "default_pager/slot_bitmap.h"

namespace default_pager {

SlotBitmap::SlotBitmap(uint32_t pages, std::pmr::memory_resource& memory)
    : pages_(pages), free_(pages), words_((pages + kWordBits - 1) / kWordBits, 0, &memory) {}

bool SlotBitmap::search(uint32_t from, uint32_t to, uint32_t wanted, Range& best) const {
  for (uint32_t page = from; page < to;) {
    if (page % kWordBits == 0 && words_[page / kWordBits] == UINT32_MAX) {
      page += kWordBits;
      continue;
    }
    if (used(page)) {
      ++page;
      continue;
    }
    Range found{page, 0};
    while (found.count < wanted && page < pages_ && !used(page)) ++found.count, ++page;
    if (found.count > best.count) best = found;
    if (best.count == wanted) return true;
  }
  return false;
}

SlotBitmap::Range SlotBitmap::allocate(uint32_t wanted) {
  Range best;
  if (free_ == 0 || wanted == 0) return best;
  if (!search(next_, pages_, wanted, best)) (void)search(0, next_, wanted, best);
  for (uint32_t page = best.start; page < best.start + best.count; ++page) {
    words_[page / kWordBits] |= 1u << (page % kWordBits);
  }
  free_ -= best.count;
  next_ = best.start + best.count;
  return best;
}

void SlotBitmap::release(uint32_t page) {
  words_[page / kWordBits] &= ~(1u << (page % kWordBits));
  ++free_;
}

}  // namespace default_pager
