#include "kernel/vm/page_move.h"

#include "kernel/arch/pmap.h"
#include "kernel/vm/placeholder.h"

namespace vm {
namespace {

// More than this goes the general way.
constexpr Size kMaxMoved = 64 * kPageSize;

// Whether each page of the source can go and each place can take one.
bool can_move(const Pager& pager, const Object& source, Offset from, const Object& object,
              Offset to, Size size) {
  for (Size at = 0; at < size; at += kPageSize) {
    const Page* page = source.lookup(from + at);
    if (!page || page->busy || page->error || page->wire_count != 0) return false;
    const Page* present = object.lookup(to + at);
    if (present ? !is_placeholder(*present) : !pager.accepts_unasked(to + at - pager.base())) {
      return false;
    }
  }
  return true;
}

void move_page(Page& page, Object& object, Offset offset, const PageMove& move) {
  arch::page_protect(page.phys, VM_PROT_NONE);
  arch::clear_modified(page.phys);
  Object::remove(page);
  page.dirty = false;  // the manager's copy is the original
  page.lock = static_cast<uint8_t>(move.lock);
  page.precious = move.precious;
  if (Page* placeholder = object.lookup(offset)) drop_placeholder(object, *placeholder);
  object.insert(page, offset);
}

}  // namespace

// Memory without an object below it, a copy or a manager, which one entry shows.
Entry* Map::movable_entry_locked(PageRange range) {
  Entry* e = tree_.find(range.start);
  if (!e || range.end > e->end || e->wired_count || e->in_transition || !is_private(*e)) {
    return nullptr;
  }
  const Object& object = *e->object;
  if (!(e->protection & VM_PROT_READ) || object.copy() || object.pager()) return nullptr;
  return e;
}

void Map::cut_locked(Entry& e, PageRange range) {
  if (range.start == e.start && range.end == e.end) return drop_entry_locked(&e);
  if (range.start == e.start) {
    e.offset = e.offset_of(range.end);
    e.start = range.end;
  } else {
    e.end = range.start;
  }
  tree_.resized(&e);
  size_ -= range.size();
}

bool move_pages(Pager& pager, Map& map, const PageMove& move) {
  GraphLock lock;
  Object* const object = pager.object();
  const Offset limit = trunc_page(UINT32_MAX) - pager.base();
  if (!object || pager.internal || ((move.offset | move.from | move.size) & kPageMask) ||
      move.size == 0 || move.size > kMaxMoved || (move.lock & ~VM_PROT_ALL) ||
      move.offset > limit || move.size > limit - move.offset || move.from > kUserEnd - move.size) {
    return false;
  }
  const PageRange range{move.from, move.from + move.size};
  Entry* const e = map.movable_entry_locked(range);
  if (!e || (range.start != e->start && range.end != e->end)) return false;
  Object& source = *e->object;
  const Offset from = e->offset_of(range.start);
  const Offset to = move.offset + pager.base();
  if (!can_move(pager, source, from, *object, to, move.size)) return false;
  for (Size at = 0; at < move.size; at += kPageSize) {
    pager.unavailable.remove(move.offset + at);
    move_page(*source.lookup(from + at), *object, to + at, move);
  }
  map.cut_locked(*e, range);
  object->wake();
  return true;
}

}  // namespace vm
