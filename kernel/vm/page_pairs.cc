#include "kernel/vm/page_pairs.h"

#include "kernel/arch/pmap.h"
#include "kernel/vm/object.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"

namespace vm {
namespace {

bool is_movable(const Page& page) {
  const bool in_use = page.queue == PageQueue::kActive || page.queue == PageQueue::kInactive;
  return page.state == PageState::kUser && in_use && !page.busy && !page.absent && !page.error && page.wire_count == 0;
}

// The pages of a pair that becomes whole are free when this returns. No other is broken for it, or there would be no end.
bool make_page_pair() {
  Page* const lonely = take_lonely_page(&is_movable);
  if (!lonely) return false;
  Page* const to = take_unpaired_page();
  if (to) Object::move_page(*neighbour_of(*lonely), *to);
  free_page(lonely);
  return to != nullptr;
}

}  // namespace

void make_page_pairs() {
  while (page_pairs_are_short() && make_page_pair()) {
  }
}

}  // namespace vm
