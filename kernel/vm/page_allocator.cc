#include "kernel/vm/page_allocator.h"

#include <algorithm>
#include <bit>
#include <new>

#include "kernel/kern/assert.h"
#include "kernel/kern/lock.h"
#include "kernel/kern/task.h"
#include "kernel/kern/thread.h"
#include "kernel/vm/default_manager.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_zone.h"

namespace vm {

Page* page_array = nullptr;

namespace {

// Pages in pairs that the page-out daemon keeps at hand.
constexpr uint32_t kPairedStock = 32;

// Taken from everywhere, also under the pmap's locks.
constinit kern::Lock allocator_lock(kern::LockRank::kHeap);

PageZone* low_zone = nullptr;
PageZone* high_zone = nullptr;
uint32_t free_pages = 0;
uint32_t total_pages = 0;
uint32_t reserved_pages = 0;
uint32_t low_water = 0;

PageZone& zone_of(const Page& page) {
  return arch::is_direct_mapped(page.phys) ? *low_zone : *high_zone;
}

uint32_t floor_for(Reserve reserve) {
  switch (reserve) {
    case Reserve::kUser:
      return reserved_pages;
    case Reserve::kManager:
      return reserved_pages - reserved_pages / 4;
    case Reserve::kKernel:
      return reserved_pages / 2;
    case Reserve::kPrivileged:
      return 0;
  }
  return 0;
}

// Whether `count` pages may be taken now; asks the page-out daemon for more when they run low.
bool may_take(uint32_t count, Reserve reserve) {
  if (free_pages < low_water + count) [[unlikely]] request_page_out();
  return free_pages >= floor_for(reserve) + count;
}

// What has been taken from a zone for a memory object, if anything.
Page* hand_out(Page* page) {
  if (!page) return nullptr;
  --free_pages;
  page->state = PageState::kUser;
  return page;
}

// The part of a range that is direct mapped ends here.
arch::PhysAddr direct_mapped_end(const arch::PhysRange& r) {
  arch::PhysAddr end = r.end;
  while (r.start < end && !arch::is_direct_mapped(end + (0u - kPageSize))) {
    end = end + (0u - kPageSize);
  }
  return end;
}

// Room for the page array and the zones: at the end of the direct mapped part of the first range
// that is large enough.
arch::PhysRange place_page_array(size_t bytes) {
  for (const arch::PhysRange& r : arch::free_memory()) {
    const arch::PhysAddr end = direct_mapped_end(r);
    if (end.value - r.start.value < bytes) continue;
    const arch::PhysAddr start{trunc_page(end.value - static_cast<uint32_t>(bytes))};
    if (!(start < r.start)) return {start, end};
  }
  kern::panic("no room for the page array");
}

void add_range(arch::PhysAddr start, arch::PhysAddr end) {
  for (uint32_t n = start.page_number(); n < end.page_number(); ++n) {
    zone_of(page_array[n]).give_block(&page_array[n], 0);
    ++free_pages;
  }
}

}  // namespace

void initialize_page_allocator() {
  const uint32_t limit = arch::phys_page_limit();
  const size_t bytes = round_page(limit * sizeof(Page) + 2 * sizeof(PageZone));
  const arch::PhysRange array = place_page_array(bytes);
  page_array = static_cast<Page*>(arch::direct_map(array.start));
  for (uint32_t n = 0; n < limit; ++n) {
    (new (&page_array[n]) Page)->phys = arch::PhysAddr::from_page_number(n);
  }
  low_zone = new (&page_array[limit]) PageZone;
  high_zone = new (low_zone + 1) PageZone;
  free_pages = 0;
  for (const arch::PhysRange& r : arch::free_memory()) {
    if (array.start < r.start || !(array.start < r.end)) {
      add_range(r.start, r.end);
    } else {
      add_range(r.start, array.start);
      add_range(array.end, r.end);
    }
  }
  total_pages = free_pages;
  reserved_pages = std::clamp(total_pages / 64, 8u, 256u);
  low_water = low_water_pages();
}

Page* allocate_page(Reserve reserve) {
  kern::LockGuard guard(allocator_lock);
  if (!may_take(1, reserve)) [[unlikely]] return nullptr;
  Page* page = high_zone->take_page();
  return hand_out(page ? page : low_zone->take_page());
}

Reserve own_reserve() {
  const kern::Thread& self = kern::current_thread();
  if (!self.vm_privileged()) return Reserve::kUser;
  const bool all = self.is_kernel_thread() || is_default_manager(kern::current_task().space());
  return all ? Reserve::kPrivileged : Reserve::kManager;
}

bool has_pages(Reserve reserve, uint32_t count) { return free_pages >= floor_for(reserve) + count; }

Page* allocate_page() {
  if (Page* page = allocate_page(Reserve::kUser)) [[likely]] return page;
  const Reserve reserve = own_reserve();
  return reserve == Reserve::kUser ? nullptr : allocate_page(reserve);
}

void free_page(Page* page) {
  kern::LockGuard guard(allocator_lock);
  KASSERT(page->state == PageState::kUser && page->queue == PageQueue::kNone &&
          page->set == nullptr && page->wire_count == 0);
  zone_of(*page).give_page(page);
  ++free_pages;
  note_pages_freed();
}

void* allocate_kernel_pages(uint32_t count) {
  KASSERT(count != 0);
  kern::LockGuard guard(allocator_lock);
  if (count > (1u << PageZone::kMaxOrder)) return nullptr;
  const bool privileged = free_pages < reserved_pages && own_reserve() == Reserve::kPrivileged;
  if (!may_take(count, privileged ? Reserve::kPrivileged : Reserve::kKernel)) return nullptr;
  const unsigned order = static_cast<unsigned>(std::bit_width(count - 1));
  Page* page = order == 0 ? low_zone->take_page() : low_zone->take_block(order);
  if (!page) {
    low_zone->drain_singles();
    page = low_zone->take_block(order);
  }
  if (order != 0 && low_zone->paired_pages() < kPairedStock) [[unlikely]] request_page_out();
  if (!page) return nullptr;
  for (uint32_t i = 0; i < count; ++i) {
    page[i].state = PageState::kKernel;
    page[i].order = 0;
  }
  for (uint32_t i = count; i < (1u << order); ++i) low_zone->give_block(&page[i], 0);
  page->offset = count;
  free_pages -= count;
  return arch::direct_map(page->phys);
}

void* allocate_zeroed_kernel_page() {
  void* p = allocate_kernel_pages(1);
  if (p) arch::zero_page(arch::direct_to_phys(p));
  return p;
}

void free_kernel_pages(void* p) {
  kern::LockGuard guard(allocator_lock);
  Page* page = page_of(arch::direct_to_phys(p));
  KASSERT(page->state == PageState::kKernel && page->offset != 0);
  const uint32_t count = page->offset;
  page->offset = 0;
  for (uint32_t i = 0; i < count; ++i) low_zone->give_page(&page[i]);
  free_pages += count;
  note_pages_freed();
}

bool has_page_pair() {
  kern::LockGuard guard(allocator_lock);
  if (low_zone->paired_pages() == 0) low_zone->drain_singles();
  return low_zone->paired_pages() != 0;
}

bool page_pairs_are_short() {
  kern::LockGuard guard(allocator_lock);
  if (low_zone->paired_pages() < kPairedStock) low_zone->drain_singles();
  return low_zone->paired_pages() < kPairedStock;
}

Page* take_lonely_page(bool (*fits)(const Page& neighbour)) {
  kern::LockGuard guard(allocator_lock);
  return hand_out(low_zone->take_lonely_page(fits));
}

Page* take_unpaired_page() {
  kern::LockGuard guard(allocator_lock);
  Page* page = high_zone->take_page();
  return hand_out(page ? page : low_zone->take_lonely_page([](const Page&) { return true; }));
}

uint32_t free_page_count() { return free_pages; }
uint32_t total_page_count() { return total_pages; }
uint32_t reserved_page_count() { return reserved_pages; }

}  // namespace vm
