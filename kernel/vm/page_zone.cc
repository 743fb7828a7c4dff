#include "kernel/vm/page_zone.h"

namespace vm {
namespace {

// What a block of 1 << order pages would make a larger one with. Null: no memory.
Page* buddy_of(const Page& page, unsigned order) {
  const uint32_t number = page.phys.page_number() ^ (1u << order);
  return number < arch::phys_page_limit() ? page_of(arch::PhysAddr::from_page_number(number)) : nullptr;
}

}  // namespace

void PageZone::put_block(Page* page, unsigned order) {
  page->state = PageState::kFree;
  page->order = static_cast<uint8_t>(order);
  blocks_[order].push_front(page);
  if (order != 0) paired_ += 1u << order;
}

void PageZone::remove_block(Page* page, unsigned order) {
  blocks_[order].remove(page);
  if (order != 0) paired_ -= 1u << order;
}

Page* PageZone::take_block(unsigned order) {
  for (unsigned o = order; o <= kMaxOrder; ++o) {
    Page* page = blocks_[o].front();
    if (!page) continue;
    remove_block(page, o);
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
    Page* buddy = buddy_of(*page, order);
    if (!buddy || buddy->state != PageState::kFree || buddy->order != order) break;
    remove_block(buddy, order);
    buddy->state = PageState::kFreeTail;
    page->state = PageState::kFreeTail;
    if (buddy < page) page = buddy;
    ++order;
  }
  put_block(page, order);
}

Page* PageZone::take_lonely_page(bool (*fits)(const Page& neighbour)) {
  for (Page& page : blocks_[0]) {
    const Page* neighbour = buddy_of(page, 0);
    if (!neighbour || !fits(*neighbour)) continue;
    remove_block(&page, 0);
    --free_;
    return &page;
  }
  return nullptr;
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
