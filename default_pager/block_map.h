// BlockMap: which slots hold the pages of one memory object.
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "default_pager/slot.h"
#include "libs/base/result.h"

namespace default_pager {

// A table of two levels: leaves are made when one of their pages is first written.
class BlockMap {
 public:
  explicit BlockMap(std::pmr::memory_resource& memory) : leaves_(&memory) {}
  BlockMap(const BlockMap&) = delete;
  BlockMap& operator=(const BlockMap&) = delete;
  ~BlockMap();

  [[nodiscard]] Slot get(uint32_t page) const;
  // Makes room for the slots of `count` pages. KERN_RESOURCE_SHORTAGE.
  base::Status reserve(uint32_t page, uint32_t count);
  // For a page that has been reserved.
  void set(uint32_t page, Slot slot);

  // Pages from this one on have never been set.
  [[nodiscard]] uint32_t end_page() const { return static_cast<uint32_t>(leaves_.size()) * kLeafPages; }

  // Pages that slots hold.
  [[nodiscard]] uint32_t stored_pages() const { return stored_; }

  // Calls visit(page, slot) for every page that a slot holds, in order.
  template <typename F>
  void for_each_stored(F visit) const {
    for (uint32_t i = 0; i < leaves_.size(); ++i) {
      if (leaves_[i] == nullptr) continue;
      for (uint32_t j = 0; j < kLeafPages; ++j) {
        const Slot slot = (*leaves_[i])[j];
        if (is_stored(slot)) visit(i * kLeafPages + j, slot);
      }
    }
  }

 private:
  static constexpr uint32_t kLeafPages = 64;
  using Leaf = std::array<Slot, kLeafPages>;

  std::pmr::vector<Leaf*> leaves_;
  uint32_t stored_ = 0;
};

}  // namespace default_pager
