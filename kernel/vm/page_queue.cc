#include "kernel/vm/page_queue.h"

#include "kernel/arch/pmap.h"
#include "kernel/kern/assert.h"

namespace vm {
namespace {

using Queue = base::List<Page, &Page::queue_link>;
Queue active;
Queue inactive;
Queue returned;         // since the last release,
Queue returned_before;  // and between it and the one before
Queue laundry;
uint32_t counts[5] = {};  // by PageQueue
uint32_t wired_count = 0;

uint32_t& count_of(PageQueue queue) { return counts[static_cast<size_t>(queue)]; }

void enqueue(Page& page, Queue& queue, PageQueue name) {
  KASSERT(page.wire_count == 0);
  dequeue_page(page);
  queue.push_back(&page);
  page.queue = name;
  ++count_of(name);
}

}  // namespace

void dequeue_page(Page& page) {
  if (page.queue == PageQueue::kNone) return;
  --count_of(page.queue);
  page.queue_link.unlink();
  page.queue = PageQueue::kNone;
}

void activate_page(Page& page) { enqueue(page, active, PageQueue::kActive); }

void deactivate_page(Page& page) {
  arch::clear_referenced(page.phys);
  enqueue(page, inactive, PageQueue::kInactive);
}

void park_returned_page(Page& page) { enqueue(page, returned, PageQueue::kReturned); }

void launder_page(Page& page) { enqueue(page, laundry, PageQueue::kLaundry); }

void release_returned_pages() {
  while (Page* page = returned_before.front()) deactivate_page(*page);
  returned_before.splice_back(returned);
}

void wire_page(Page& page) {
  if (page.wire_count++ != 0) return;
  dequeue_page(page);
  ++wired_count;
}

void unwire_page(Page& page) {
  KASSERT(page.wire_count != 0);
  if (--page.wire_count != 0) return;
  --wired_count;
  if (!page.busy) activate_page(page);
}

Page* oldest_active_page() { return active.front(); }
Page* oldest_inactive_page() { return inactive.front(); }
uint32_t active_page_count() { return count_of(PageQueue::kActive); }
uint32_t inactive_page_count() { return count_of(PageQueue::kInactive); }
uint32_t returned_page_count() { return count_of(PageQueue::kReturned); }
uint32_t laundry_page_count() { return count_of(PageQueue::kLaundry); }
uint32_t wired_page_count() { return wired_count; }

}  // namespace vm
