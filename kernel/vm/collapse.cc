#include "kernel/vm/collapse.h"

#include <utility>

#include "kernel/vm/pager.h"

namespace vm {

bool Collapse::mergeable(const Object& top) {
  const Object* below = top.shadow_;
  return below && below->ref_count_ == 1 && below->internal_ && !below->physical_ &&
         !below->paging() && !top.paging() && !(below->pager_ && top.pager_);
}

void Collapse::try_merge(Object& top) {
  while (mergeable(top)) merge(top);
}

// Pages of `below` go up where `top` has nothing newer.
void Collapse::move_up(Object& top, Object& below) {
  while (Page* page = below.pages_->pages.front()) {
    const Offset o = page->offset;
    if (top.contains(o) && !top.lookup(o) && !top.manager_has(o)) {
      top.adopt(*page);
    } else {
      Object::discard(*page);
    }
  }
}

// `below` has more pages: the pages of `top` go down, then the two exchange their sets.
void Collapse::exchange(Object& top, Object& below) {
  trim(below, top.start_, top.end_);
  while (Page* page = top.pages_->pages.front()) {
    if (Page* old = below.lookup(page->offset)) Object::discard(*old);
    below.adopt(*page);
  }
  std::swap(top.pages_, below.pages_);
  top.pages_->owner = &top;
  below.pages_->owner = &below;
}

// Frees the pages of an object outside [start, end).
void Collapse::trim(Object& object, Offset start, Offset end) {
  if (object.start_ >= start && object.end_ <= end) return;
  auto& pages = object.pages_->pages;
  for (Page* page = pages.front(); page;) {
    Page* next = pages.next(page);
    if (page->offset < start || page->offset >= end) Object::discard(*page);
    page = next;
  }
}

// Takes `below` out of the chain; it has no pages and no pager any more.
void Collapse::unlink_below(Object& top, Object& below) {
  top.unlink_shadow();
  Object* next = below.shadow_;
  if (next) {
    below.unlink_shadow();
    top.link_shadow(next);  // with the reference that `below` had
    if (next->copy_ == &below) next->copy_ = &top;
  }
  delete &below;
}

void Collapse::merge(Object& top) {
  Object& below = *top.shadow_;
  if (below.pager_) {
    // What `top` has in memory is newer than what the manager has.
    for (Page& page : top.pages_->pages) {
      below.pager_->paged_out.remove(page.offset - below.pager_->base());
    }
    below.pager_->forgotten = true;
  }
  if (top.pager_ || below.pages_->count <= top.pages_->count) {
    move_up(top, below);
  } else {
    exchange(top, below);
  }
  if (below.pager_) top.set_pager(below.take_pager());
  top.ever_writable_ |= below.ever_writable_;
  unlink_below(top, below);
}

}  // namespace vm
