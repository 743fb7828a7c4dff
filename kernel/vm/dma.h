// DmaBuffer: wired pages that devices read and write.
#pragma once

#include "kernel/arch/phys.h"
#include "kernel/vm/map_copy.h"
#include "kernel/vm/page.h"
#include "libs/base/result.h"

namespace vm {

// Move-only owner of a list of wired pages; drops the wirings and its hold on the memory.
class DmaBuffer {
 public:
  DmaBuffer();
  DmaBuffer(DmaBuffer&& o) noexcept;
  DmaBuffer& operator=(DmaBuffer&& o) noexcept;
  ~DmaBuffer();

  // Pages for `size` bytes, contents undefined (the device, or the caller, writes all of what it
  // passes on). KERN_RESOURCE_SHORTAGE, with kNoWait at once when there are no pages beyond the reserve.
  enum class Waiting : uint8_t { kMayWait, kNoWait };
  static base::Result<DmaBuffer> allocate(Size size, Waiting waiting = Waiting::kMayWait);
  // The memory of a copy, made resident and wired; data starts at page_offset() of page 0. May
  // block for page-ins; the errors of a fault.
  static base::Result<DmaBuffer> from_copy(MapCopyPtr copy);

  [[nodiscard]] uint32_t page_count() const { return count_; }
  [[nodiscard]] arch::PhysAddr page(uint32_t index) const { return pages_[index]->phys; }
  [[nodiscard]] Size page_offset() const { return page_offset_; }
  [[nodiscard]] Size size() const { return size_; }

  // Turns an allocated buffer into a copy of its first `size` bytes (for a reply message); the rest
  // of the last page is cleared, pages beyond are freed. The buffer is empty afterwards.
  base::Result<MapCopyPtr> take_copy(Size size);

 private:
  void reset();
  base::Status make_list(Size bytes);
  base::Status pin_at(Address a);
  void pin(Page& page) REQUIRES(graph_lock);
  void unpin(Page& page) REQUIRES(graph_lock);

  Page** pages_ = nullptr;  // heap array
  uint32_t count_ = 0;
  Size size_ = 0;
  Size page_offset_ = 0;
  Object* object_ = nullptr;  // an allocated buffer's pages live here
  // Made by a wired thread, a memory manager's, which frees the memory or passes it on at once: its pages must not be
  // paged out meanwhile, to a manager that waits for them.
  bool of_manager_;
  MapCopyPtr copy_;           // or the copy that keeps them
};

}  // namespace vm
