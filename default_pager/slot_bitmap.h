// SlotBitmap: which pages of one partition are in use.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

namespace default_pager {

class SlotBitmap {
 public:
  // Throws std::bad_alloc.
  SlotBitmap(uint32_t pages, std::pmr::memory_resource& memory);

  struct Range {
    uint32_t start = 0;
    uint32_t count = 0;
  };
  // Takes `wanted` neighbouring free pages, or if there are none the longest free stretch. The
  // search begins where the last one ended, so that pages sent out together lie together.
  Range allocate(uint32_t wanted);
  void release(uint32_t page);

  [[nodiscard]] uint32_t page_count() const { return pages_; }
  [[nodiscard]] uint32_t free_count() const { return free_; }

 private:
  static constexpr uint32_t kWordBits = 32;

  [[nodiscard]] bool used(uint32_t page) const {
    return (words_[page / kWordBits] >> (page % kWordBits) & 1) != 0;
  }
  // Improves `best` with stretches that begin in [from, to); true when `wanted` was reached.
  bool search(uint32_t from, uint32_t to, uint32_t wanted, Range& best) const;

  uint32_t pages_;
  uint32_t free_;
  uint32_t next_ = 0;
  std::pmr::vector<uint32_t> words_;
};

}  // namespace default_pager
