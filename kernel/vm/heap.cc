#include "kernel/vm/heap.h"

#include <array>
#include <cstdint>
#include <utility>

#include "kernel/kern/assert.h"
#include "kernel/kern/lock.h"
#include "kernel/vm/memory_use.h"
#include "kernel/vm/page_allocator.h"

namespace vm {
namespace {

constexpr size_t kGrain = 16;
constexpr size_t kLargestChunk = 2048;
constexpr std::array<uint16_t, kHeapClasses> kClassSizes = {
    16,  32,  48,  64,  80,  96,  128, 160,  192,
    256, 336, 400, 512, 672, 816, 1024, 1360, 2048};

// Class index by size in grains, rounded up.
constexpr auto kClassOfGrains = [] {
  std::array<uint8_t, kLargestChunk / kGrain + 1> table{};
  uint8_t index = 0;
  for (size_t grains = 0; grains < table.size(); ++grains) {
    while (kClassSizes[index] < grains * kGrain) ++index;
    table[grains] = index;
  }
  return table;
}();

unsigned class_of(size_t size) { return kClassOfGrains[(size + kGrain - 1) / kGrain]; }

struct Chunk {
  Chunk* next;
};

// Free chunks that are kept at hand, for each size.
constexpr uint32_t kMaxAtHand = 16;

// Chunks of one size. Chunks freed last are at hand, and count as used in their pages. Pages with
// another free chunk are on the list; full ones are found again through the address of what is freed.
struct SizeClass {
  Chunk* at_hand = nullptr;
  uint32_t at_hand_count = 0;
  base::List<Page, &Page::queue_link> partial;
};

constinit kern::Lock heap_lock(kern::LockRank::kHeap);
std::array<SizeClass, kClassSizes.size()> classes;
size_t bytes_in_use = 0;

// A fresh page cut into chunks; the list of its class gets it.
Page* add_page(unsigned index, void* memory) {
  Page* page = page_of(arch::direct_to_phys(memory));
  page->order = static_cast<uint8_t>(index + 1);
  page->heap_used = 0;
  const size_t size = kClassSizes[index];
  Chunk* chunks = nullptr;
  for (size_t at = kPageSize / size; at-- > 0;) {
    auto* chunk = reinterpret_cast<Chunk*>(static_cast<char*>(memory) + at * size);
    chunk->next = chunks;
    chunks = chunk;
  }
  page->heap_free = chunks;
  classes[index].partial.push_front(page);
  return page;
}

void* take_chunk(unsigned index, Page* page) {
  auto* chunk = static_cast<Chunk*>(page->heap_free);
  page->heap_free = chunk->next;
  ++page->heap_used;
  if (!page->heap_free) classes[index].partial.remove(page);
  return chunk;
}

void* allocate_from_pages(unsigned index) {
  {
    kern::LockGuard guard(heap_lock);
    if (Page* page = classes[index].partial.front()) [[likely]] return take_chunk(index, page);
  }
  void* memory = allocate_kernel_pages(1);
  if (!memory) return nullptr;
  kern::LockGuard guard(heap_lock);
  return take_chunk(index, add_page(index, memory));
}

inline void* allocate_chunk(unsigned index) {
  {
    kern::LockGuard guard(heap_lock);
    SizeClass& c = classes[index];
    bytes_in_use += kClassSizes[index];
    if (Chunk* chunk = c.at_hand) [[likely]] {
      c.at_hand = chunk->next;
      --c.at_hand_count;
      return chunk;
    }
  }
  void* p = allocate_from_pages(index);
  if (!p) [[unlikely]] bytes_in_use -= kClassSizes[index];
  return p;
}

Page* take_empty_page(base::List<Page, &Page::queue_link>& partial, Page* page) {
  partial.remove(page);
  page->order = 0;
  page->hash_next = nullptr;
  page->set = nullptr;
  return page;
}

// Returns the page if it became empty and can be given back, else null.
Page* put_chunk(Page* page, void* p) {
  kern::LockGuard guard(heap_lock);
  const unsigned index = page->order - 1u;
  auto& partial = classes[index].partial;
  if (!page->heap_free) partial.push_front(page);
  auto* chunk = static_cast<Chunk*>(p);
  chunk->next = static_cast<Chunk*>(page->heap_free);
  page->heap_free = chunk;
  --page->heap_used;
  // One empty page stays, so that a lone object coming and going does not cost a page each time.
  const bool only_page = partial.front() == page && partial.back() == page;
  if (page->heap_used != 0 || only_page) return nullptr;
  return take_empty_page(partial, page);
}

// Gives a chunk back to its page, and that to the allocator when it is empty.
void put_away(Page* page, void* p) {
  if (Page* empty = put_chunk(page, p)) free_kernel_pages(arch::direct_map(empty->phys));
}

inline void free_chunk(unsigned index, void* p) {
  {
    kern::LockGuard guard(heap_lock);
    SizeClass& c = classes[index];
    bytes_in_use -= kClassSizes[index];
    if (c.at_hand_count < kMaxAtHand) [[likely]] {
      auto* chunk = static_cast<Chunk*>(p);
      chunk->next = c.at_hand;
      c.at_hand = chunk;
      ++c.at_hand_count;
      return;
    }
  }
  put_away(page_of(arch::direct_to_phys(p)), p);
}

}  // namespace

void* heap_allocate(size_t size) {
  if (size <= kLargestChunk) [[likely]] {
    return allocate_chunk(class_of(size));
  }
  if (size > UINT32_MAX - kPageSize) return nullptr;
  const uint32_t pages = round_page(static_cast<uint32_t>(size)) >> kPageShift;
  void* p = allocate_kernel_pages(pages);
  if (p) bytes_in_use += pages * kPageSize;
  return p;
}

void heap_free(void* p) {
  if (!p) return;
  Page* page = page_of(arch::direct_to_phys(p));
  KASSERT(page->state == PageState::kKernel);
  if (page->order == 0) {
    bytes_in_use -= page->offset * kPageSize;
    free_kernel_pages(p);
  } else {
    free_chunk(page->order - 1u, p);
  }
}

void heap_free(void* p, size_t size) {
  if (size > kLargestChunk) [[unlikely]] return heap_free(p);
  if (p) free_chunk(class_of(size), p);
}

void heap_release_cached_pages() {
  for (SizeClass& c : classes) {
    Chunk* chunk = std::exchange(c.at_hand, nullptr);
    c.at_hand_count = 0;
    while (chunk) {
      Chunk* const next = chunk->next;
      put_away(page_of(arch::direct_to_phys(chunk)), chunk);
      chunk = next;
    }
    Page* empty = nullptr;
    {
      kern::LockGuard guard(heap_lock);
      for (Page& page : c.partial) {
        if (page.heap_used == 0) empty = &page;
      }
      if (empty) take_empty_page(c.partial, empty);
    }
    if (empty) free_kernel_pages(arch::direct_map(empty->phys));
  }
}

size_t heap_bytes_in_use() { return bytes_in_use; }

uint32_t heap_class_size(size_t index) { return kClassSizes[index]; }

}  // namespace vm
