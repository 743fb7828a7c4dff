// The kernel's allocations, each a block of its own from the process's heap, for the sanitizer's
// sake; pages of the machine are taken for them all the same, so that its memory can run out.
#include <sanitizer/asan_interface.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "kernel/arch/phys.h"
#include "kernel/vm/page_allocator.h"

namespace {

constexpr size_t kPage = arch::kPageSize;

// Pages that are as many as allocations need.
class Meter {
 public:
  bool charge(size_t bytes) {
    while (held_ * kPage < bytes_ + bytes) {
      auto* const page = static_cast<HeldPage*>(vm::allocate_kernel_pages(1));
      if (page == nullptr) {
        release();
        return false;
      }
      page->next = pages_;
      pages_ = page;
      ++held_;
    }
    bytes_ += bytes;
    return true;
  }

  void discharge(size_t bytes) {
    bytes_ -= bytes;
    release();
  }

 private:
  struct HeldPage {
    HeldPage* next;
  };

  // One more than needed stays, so that a lone object coming and going does not cost a page each
  // time.
  void release() {
    while (held_ > 0 && (held_ - 1) * kPage >= bytes_ + kPage) {
      HeldPage* const page = pages_;
      pages_ = page->next;
      --held_;
      vm::free_kernel_pages(page);
    }
  }

  HeldPage* pages_ = nullptr;
  size_t held_ = 0;
  size_t bytes_ = 0;
};

Meter meter;

// In front of every block.
struct alignas(16) Header {
  size_t size;
  bool metered;
};

// What the kernel's heap would use for it.
size_t cost_of(size_t size) {
  constexpr size_t kGrain = 16, kLargestChunk = 2048;
  const size_t unit = size > kLargestChunk ? kPage : kGrain;
  return (size + unit - 1) / unit * unit;
}

void* allocate(size_t size, bool metered) {
  if (size > SIZE_MAX / 2) return nullptr;
  if (metered && !meter.charge(cost_of(size))) return nullptr;
  auto* const header = static_cast<Header*>(malloc(sizeof(Header) + size));
  if (header == nullptr) abort();
  *header = {size, metered};
  ASAN_POISON_MEMORY_REGION(header, sizeof *header);
  return header + 1;
}

void release(void* p) {
  if (p == nullptr) return;
  Header* const header = static_cast<Header*>(p) - 1;
  ASAN_UNPOISON_MEMORY_REGION(header, sizeof *header);
  const Header was = *header;
  free(header);
  if (was.metered) meter.discharge(cost_of(was.size));
}

}  // namespace

// The kernel has the forms that may fail, libraries and the machine the others.
void* operator new(size_t size, const std::nothrow_t&) noexcept { return allocate(size, true); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return allocate(size, true); }
void* operator new(size_t size) { return allocate(size, false); }
void* operator new[](size_t size) { return allocate(size, false); }
void operator delete(void* p) noexcept { release(p); }
void operator delete[](void* p) noexcept { release(p); }
void operator delete(void* p, size_t) noexcept { release(p); }
void operator delete[](void* p, size_t) noexcept { release(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { release(p); }
