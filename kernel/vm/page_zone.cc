#include "kernel/vm/page_zone.h"

namespace vm {

void PageZone::put_block(Page* page, unsigned order) {
  page->state = PageState::kFree;
  page->order = static_cast<uint8_t>(order);
  blocks_[order].push_front(page);
}

Page* PageZone::take_block(unsigned order) {
  for (unsigned o = order; o <= kMaxOrder; ++o) {
    Page* page = blocks_[o].pop_front();
    if (!page) continue;
    // Give back the upper halves until the block has the wanted size.
    while (o > order) {
      --o;
      put_block(page + (1u << o), o);
    }
    free_ -= 1u << order;
    return page;
  }
  return nullptr;
}

void PageZone::give_block(Page* page, unsigned order) {
  free_ += 1u << order;
  while (order < kMaxOrder) {
    const uint32_t number = page->phys.page_number() ^ (1u << order);
    if (number >= arch::phys_page_limit()) break;
    Page* buddy = page_of(arch::PhysAddr::from_page_number(number));
    if (buddy->state != PageState::kFree || buddy->order != order) break;
    blocks_[order].remove(buddy);
    buddy->state = PageState::kFreeTail;
    page->state = PageState::kFreeTail;
    if (buddy < page) page = buddy;
    ++order;
  }
  put_block(page, order);
}

// One page, and its neighbours for the next callers.
Page* PageZone::refill_singles() {
  Page* block = take_block(kRefillOrder);
  if (!block) return take_block(0);
  for (uint32_t i = (1u << kRefillOrder) - 1; i > 0; --i) give_page(&block[i]);
  return block;
}

void PageZone::drain_singles() {
  while (Page* page = single_) {
    single_ = page->hash_next;
    page->hash_next = nullptr;
    --free_;
    give_block(page, 0);
  }
  single_count_ = 0;
}

}  // namespace vm
