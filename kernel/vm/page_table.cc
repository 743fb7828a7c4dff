#include "kernel/vm/page_table.h"

#include <bit>

#include "kernel/kern/assert.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_zone.h"

namespace vm {

Page** PageTable::buckets = nullptr;
uint32_t PageTable::mask = 0;

void PageTable::init() {
  constexpr uint32_t kPerPage = kPageSize / sizeof(Page*);
  uint32_t size = std::bit_ceil(total_page_count());
  if (size < kPerPage) size = kPerPage;
  while (size / kPerPage > (1u << PageZone::kMaxOrder)) size /= 2;
  void* memory = allocate_kernel_pages(size / kPerPage);
  KASSERT(memory != nullptr);
  buckets = static_cast<Page**>(memory);
  mask = size - 1;
  for (uint32_t i = 0; i < size; ++i) buckets[i] = nullptr;
}

void PageTable::add(Page& page) {
  Page** head = bucket(page.set, page.offset);
  page.hash_next = *head;
  *head = &page;
}

void PageTable::remove(Page& page) {
  Page** at = bucket(page.set, page.offset);
  while (*at != &page) at = &(*at)->hash_next;
  *at = page.hash_next;
  page.hash_next = nullptr;
}

}  // namespace vm
