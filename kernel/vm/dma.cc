#include "kernel/vm/dma.h"

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include "kernel/kern/thread.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_finder.h"
#include "kernel/vm/page_queue.h"

namespace vm {

DmaBuffer::DmaBuffer() : of_manager_(kern::current_thread().vm_privileged()) {}

DmaBuffer::DmaBuffer(DmaBuffer&& o) noexcept
    : pages_(std::exchange(o.pages_, nullptr)),
      count_(std::exchange(o.count_, 0)),
      size_(std::exchange(o.size_, 0)),
      page_offset_(std::exchange(o.page_offset_, 0)),
      object_(std::exchange(o.object_, nullptr)),
      of_manager_(o.of_manager_),
      copy_(std::move(o.copy_)) {}

DmaBuffer& DmaBuffer::operator=(DmaBuffer&& o) noexcept {
  std::swap(pages_, o.pages_);
  std::swap(count_, o.count_);
  std::swap(size_, o.size_);
  std::swap(page_offset_, o.page_offset_);
  std::swap(object_, o.object_);
  std::swap(of_manager_, o.of_manager_);
  std::swap(copy_, o.copy_);
  return *this;
}

DmaBuffer::~DmaBuffer() { reset(); }

void DmaBuffer::reset() {
  {
    GraphLock lock;
    for (uint32_t i = 0; i < count_; ++i) unpin(*pages_[i]);
    count_ = 0;
    if (object_) std::exchange(object_, nullptr)->release();
  }
  delete[] std::exchange(pages_, nullptr);
  copy_ = nullptr;
}

void DmaBuffer::pin(Page& page) {
  wire_page(page);
  page.object()->begin_paging();  // the object is not merged while a device uses the page
  pages_[count_++] = &page;
}

void DmaBuffer::unpin(Page& page) {
  unwire_page(page);
  if (page.wire_count == 0 && of_manager_) dequeue_page(page);
  page.object()->end_paging();
}

base::Status DmaBuffer::make_list(Size bytes) {
  const uint32_t pages = round_page(bytes) >> kPageShift;
  pages_ = new (std::nothrow) Page*[pages];
  if (!pages_) return base::Error(KERN_RESOURCE_SHORTAGE);
  return {};
}

base::Result<DmaBuffer> DmaBuffer::allocate(Size size, Waiting waiting) {
  DmaBuffer buffer;
  buffer.size_ = size;
  TRY(buffer.make_list(size));
  buffer.object_ = TRY(Object::create(0, round_page(size))).leak();
  const bool may_wait = waiting == Waiting::kMayWait;
  for (Offset o = 0; o < size; o += kPageSize) {
    Page* page = may_wait ? allocate_page() : allocate_page(Reserve::kUser);
    while (!page) {
      if (!may_wait || !wait_for_free_pages()) return base::Error(KERN_RESOURCE_SHORTAGE);
      page = allocate_page();
    }
    page->dirty = true;
    GraphLock lock;
    buffer.object_->insert(*page, o);
    buffer.pin(*page);
  }
  return buffer;
}

base::Status DmaBuffer::pin_at(Address a) {
  for (;;) {
    Offset offset = 0;
    const base::Ref<Object> object = TRY(copy_->object_at(a, offset));
    std::optional<PendingWait> wait;
    {
      GraphLock lock;
      const PageOutcome outcome = find_page(*object, offset, false);
      if (outcome.kind == PageOutcome::Kind::kPage) {
        pin(*outcome.page);
        return {};
      }
      wait.emplace(outcome);
    }
    TRY(base::Status::from_code(wait->settle(WaitMode::kInterruptible)));
  }
}

base::Result<DmaBuffer> DmaBuffer::from_copy(MapCopyPtr copy) {
  DmaBuffer buffer;
  TRY(copy->make_entries());
  buffer.size_ = copy->size();
  buffer.page_offset_ = copy->page_offset();
  buffer.copy_ = std::move(copy);
  const Size total = buffer.page_offset_ + buffer.size_;
  TRY(buffer.make_list(total));
  for (Address a = 0; a < total; a += kPageSize) TRY(buffer.pin_at(a));
  return buffer;
}

base::Result<MapCopyPtr> DmaBuffer::take_copy(Size size) {
  size = std::min(size, size_);
  if (const Size tail = size & kPageMask) {
    static constexpr std::byte kZeros[256] = {};
    for (Size at = tail; at < kPageSize;) {
      const Size piece = std::min<Size>(kPageSize - at, sizeof kZeros);
      arch::copy_to_phys(page(size >> kPageShift) + at, kZeros, piece);
      at += piece;
    }
  }
  base::Ref<Object> object(object_);
  reset();
  {
    GraphLock lock;
    object->discard_range(round_page(size), object->end());
  }
  return MapCopy::from_object(std::move(object), 0, size);
}

}  // namespace vm
