// PageZone: free pages of one kind (low or high) as power-of-two blocks, with a short list of
// single pages in front so that the common allocation and release touch one list head.
#pragma once

#include <cstdint>

#include "kernel/vm/page.h"

namespace vm {

class PageZone {
 public:
  // Largest block: 4 MiB.
  static constexpr unsigned kMaxOrder = 10;

  // A single page, or null. Its state is left for the caller to set.
  Page* take_page() {
    if (free_ == 0) return nullptr;
    if (Page* p = single_) {
      single_ = p->hash_next;
      p->hash_next = nullptr;
      --single_count_;
      --free_;
      return p;
    }
    return refill_singles();
  }
  // The first of 1 << order contiguous pages, or null.
  Page* take_block(unsigned order);
  void give_page(Page* page) {
    if (single_count_ >= kMaxSingles) return give_block(page, 0);
    page->state = PageState::kCached;
    page->hash_next = single_;
    single_ = page;
    ++single_count_;
    ++free_;
  }
  // Takes back 1 << order contiguous pages, merging them with their free neighbours.
  void give_block(Page* page, unsigned order);
  // Pages that have a free neighbour, the short list aside.
  [[nodiscard]] uint32_t paired_pages() const { return paired_; }
  // Takes out a page whose neighbour, with which it would be a pair, is in use and `fits`. Null: there is none.
  Page* take_lonely_page(bool (*fits)(const Page& neighbour));
  // Turns the single pages into blocks, so that larger ones can form.
  void drain_singles();

 private:
  static constexpr uint32_t kMaxSingles = 128;
  // Blocks of this order are cut up at once when single pages are wanted.
  static constexpr unsigned kRefillOrder = 4;
  using BlockList = base::List<Page, &Page::queue_link>;

  void put_block(Page* page, unsigned order);
  void remove_block(Page* page, unsigned order);
  Page* refill_singles();

  Page* single_ = nullptr;
  uint32_t single_count_ = 0;
  uint32_t free_ = 0;    // pages in all
  uint32_t paired_ = 0;  // in blocks of two pages and more
  BlockList blocks_[kMaxOrder + 1];
};

}  // namespace vm
