// The queues of pageable pages in use. Active pages are believed to be in use; inactive ones are
// the candidates of the page-out daemon, oldest first. A page referenced while inactive gets a
// second chance. Wired pages are on neither queue. All under graph_lock.
#pragma once

#include <cstdint>

#include "kernel/vm/page.h"

namespace vm {

// Puts the page at the young end of the active queue, from wherever it was. Not for wired pages.
void activate_page(Page& page);
// Moves the page to the young end of the inactive queue and forgets that it was referenced.
void deactivate_page(Page& page);
// Takes the page off its queue.
void dequeue_page(Page& page);

// Sets a page that was returned to its manager aside, which should free it soon.
void park_returned_page(Page& page);
// Those set aside before the last call, and still there, are pages like any other: inactive.
void release_returned_pages();
uint32_t returned_page_count();

// Sets a page aside that was sent to the default memory manager, until that frees it or begins to write it.
void launder_page(Page& page);
// Pages on their way to the paging space: they will be free soon.
uint32_t laundry_page_count();

// Counts a wiring; the first takes the page off its queue, the last release makes it active.
void wire_page(Page& page);
void unwire_page(Page& page);

Page* oldest_active_page();
Page* oldest_inactive_page();

uint32_t active_page_count();
uint32_t inactive_page_count();
// Wired pages of memory objects.
uint32_t wired_page_count();

}  // namespace vm
