// PipeSlots: what pipe ends are ready for, in a page that clients map read-only.
#pragma once

#include <servers/process_page.h>

#include <cstdint>
#include <vector>

namespace process {

class PipeSlots {
 public:
  // Without a page no end has a slot. The page holds zeros and is never paged.
  void use(pipe_slots* page) {
    page_ = page;
    for (uint32_t i = PIPE_SLOT_COUNT - 1; i > 0; --i) free_.push_back(i);
  }
  [[nodiscard]] const pipe_slots* page() const { return page_; }

  // A slot that shows nothing; 0 when there is none.
  uint32_t allocate() {
    if (free_.empty()) return 0;
    const uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void free(uint32_t slot) {
    if (slot == 0) return;
    page_->ready[slot] = 0;
    free_.push_back(slot);
  }

  // `ready`: POLLIN and so on.
  void show(uint32_t slot, int ready) {
    page_->ready[slot] = static_cast<uint16_t>(ready | PIPE_SLOT_SHOWN);
  }

 private:
  pipe_slots* page_ = nullptr;
  std::vector<uint32_t> free_;
};

}  // namespace process
