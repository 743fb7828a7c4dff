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
uint32_t active_count = 0;
uint32_t inactive_count = 0;
uint32_t wired_count = 0;

}  // namespace

void dequeue_page(Page& page) {
  if (page.queue == PageQueue::kNone) return;
  if (page.queue == PageQueue::kActive) {
    --active_count;
  } else if (page.queue == PageQueue::kInactive) {
    --inactive_count;
  }
  page.queue_link.unlink();
  page.queue = PageQueue::kNone;
}

void activate_page(Page& page) {
  KASSERT(page.wire_count == 0);
  dequeue_page(page);
  active.push_back(&page);
  page.queue = PageQueue::kActive;
  ++active_count;
}

void deactivate_page(Page& page) {
  KASSERT(page.wire_count == 0);
  dequeue_page(page);
  arch::clear_referenced(page.phys);
  inactive.push_back(&page);
  page.queue = PageQueue::kInactive;
  ++inactive_count;
}

void park_returned_page(Page& page) {
  KASSERT(page.wire_count == 0);
  dequeue_page(page);
  returned.push_back(&page);
  page.queue = PageQueue::kReturned;
}

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
uint32_t active_page_count() { return active_count; }
uint32_t inactive_page_count() { return inactive_count; }
uint32_t wired_page_count() { return wired_count; }

}  // namespace vm
