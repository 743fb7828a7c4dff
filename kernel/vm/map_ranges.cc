// Operations on ranges of existing regions.
#include "kernel/vm/map.h"
#include "kernel/vm/page_queue.h"

namespace vm {

// Splits the entry that contains `at` there, if there is one and it does not start there.
base::Status Map::clip_locked(Address at) {
  Entry* e = tree_.find(at);
  if (!e || e->start == at) return {};
  Entry* upper = clone_entry(*e);
  if (!upper) return base::Error(KERN_RESOURCE_SHORTAGE);
  upper->wired_count = e->wired_count;
  upper->in_transition = e->in_transition;
  upper->start = at;
  upper->offset = e->offset_of(at);
  e->end = at;
  tree_.insert_before(upper, tree_.next(e));
  return {};
}

base::Status Map::clip_range_locked(PageRange range) {
  TRY(clip_locked(range.start));
  TRY(clip_locked(range.end));
  return {};
}

// Undoes clips: entries in the range and beside it that continue one another become one again.
void Map::join_range_locked(PageRange range) {
  Entry* e = tree_.find_at_or_above(range.start);
  if (!e) return;
  if (Entry* before = tree_.prev(e)) e = before;
  while (Entry* next = tree_.next(e)) {
    if (e->is_continued_by(*next)) {
      tree_.remove(next);
      e->end = next->end;
      tree_.resized(e);
      destroy_entry(next);
    } else if (next->start >= range.end) {
      return;
    } else {
      e = next;
    }
  }
}

Entry* Map::first_in_locked(PageRange range) {
  Entry* e = tree_.find_at_or_above(range.start);
  return e && e->start < range.end ? e : nullptr;
}

Entry* Map::next_in_locked(Entry* e, PageRange range) {
  e = tree_.next(e);
  return e && e->start < range.end ? e : nullptr;
}

base::Status Map::check_access_locked(PageRange range, vm_prot_t protection) {
  Address expected = range.start;
  for (Entry* e = first_in_locked(range); e; e = next_in_locked(e, range)) {
    if (e->start > expected) break;
    if (protection & ~e->protection) return base::Error(KERN_PROTECTION_FAILURE);
    expected = e->end;
  }
  if (expected < range.end) return base::Error(KERN_INVALID_ADDRESS);
  return {};
}

// Waits until nobody wires or unwires pages in the range any more.
void Map::wait_for_transitions(PageRange range) {
  for (;;) {
    bool found = false;
    {
      GraphLock lock;
      for (Entry* e = first_in_locked(range); e && !found; e = next_in_locked(e, range)) {
        found = e->in_transition;
      }
    }
    if (!found) return;
    transition_.wait(kern::Interruptible::kNo);
  }
}

// Memory that only this entry can see, with no copy outstanding.
bool Map::is_private(const Entry& e) {
  return e.object && !e.needs_copy && e.object->internal() && !e.object->shared() &&
         !e.object->is_physical();
}

// Takes the wiring off the pages the entry shows in a part of its range.
void Map::unwire_pages_locked(Entry& e, PageRange range) {
  e.wired_count = 0;
  for (Address a = range.start; a < range.end; a += kPageSize) {
    for (Object* o = e.object; o; o = o->shadow()) {
      Page* page = o->lookup(e.offset_of(a));
      if (!page || page->wire_count == 0) continue;
      unwire_page(*page);
      pmap_->change_wiring(a, arch::Wiring::kPageable);
      break;
    }
  }
}

// Removes an entry that is not wired and whose mappings are gone.
void Map::drop_entry_locked(Entry* e) {
  tree_.remove(e);
  size_ -= e->size();
  if (is_private(*e) && e->object->ref_count() > 1) {
    e->object->discard_range(e->offset, e->end_offset());
  }
  destroy_entry(e);
}

// Removes the range; no entry in it is in transition.
base::Status Map::remove_locked(PageRange range) {
  TRY(clip_range_locked(range));
  bool mapped = false;
  for (Entry* e = first_in_locked(range); e; e = next_in_locked(e, range)) {
    if (e->wired_count) unwire_pages_locked(*e, {e->start, e->end});
    mapped |= e->object != nullptr;
  }
  if (mapped) pmap_->remove(range.start, range.end);
  while (Entry* e = first_in_locked(range)) drop_entry_locked(e);
  return {};
}

// The entry that is exactly the range and that nobody is busy with, or null.
Entry* Map::exact_entry_locked(PageRange range) {
  Entry* e = tree_.find(range.start);
  if (!e || e->start != range.start || e->end != range.end) return nullptr;
  return e->wired_count == 0 && !e->in_transition ? e : nullptr;
}

base::Status Map::deallocate(Address address, Size size) {
  PageRange range;
  if (!PageRange::covering(address, size, range)) return base::Error(KERN_INVALID_ADDRESS);
  if (range.empty()) return {};
  {
    GraphLock lock;
    if (Entry* e = exact_entry_locked(range)) {
      if (e->object) pmap_->remove(range.start, range.end);
      drop_entry_locked(e);
      return {};
    }
  }
  wait_for_transitions(range);
  GraphLock lock;
  if (!first_in_locked(range)) return base::Error(KERN_INVALID_ADDRESS);
  return remove_locked(range);
}

base::Status Map::protect(Address address, Size size, ProtectionKind kind, vm_prot_t protection) {
  PageRange range;
  if (!PageRange::covering(address, size, range)) return base::Error(KERN_INVALID_ADDRESS);
  if (protection & ~VM_PROT_ALL) return base::Error(KERN_INVALID_ARGUMENT);
  GraphLock lock;
  TRY(check_access_locked(range, VM_PROT_NONE));
  for (Entry* e = first_in_locked(range); e; e = next_in_locked(e, range)) {
    if (protection & ~e->max_protection) return base::Error(KERN_PROTECTION_FAILURE);
  }
  TRY(clip_range_locked(range));
  for (Entry* e = first_in_locked(range); e; e = next_in_locked(e, range)) {
    const uint8_t old = e->protection;
    if (kind == ProtectionKind::kMaximum) {
      e->max_protection = static_cast<uint8_t>(protection);
      e->protection &= protection;
    } else {
      e->protection = static_cast<uint8_t>(protection);
    }
    if (e->object && (old & ~e->protection)) pmap_->protect(e->start, e->end, e->protection);
  }
  join_range_locked(range);
  return {};
}

base::Status Map::inherit(Address address, Size size, vm_inherit_t inheritance) {
  PageRange range;
  if (!PageRange::covering(address, size, range)) return base::Error(KERN_INVALID_ADDRESS);
  if (inheritance < VM_INHERIT_SHARE || inheritance > VM_INHERIT_NONE) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  GraphLock lock;
  TRY(check_access_locked(range, VM_PROT_NONE));
  TRY(clip_range_locked(range));
  for (Entry* e = first_in_locked(range); e; e = next_in_locked(e, range)) {
    e->inheritance = static_cast<uint8_t>(inheritance);
  }
  join_range_locked(range);
  return {};
}

base::Status Map::prepare_entry_locked(Entry& e, bool write) {
  if (!e.object) {
    e.offset = e.start;
    e.object = TRY(Object::create(e.offset, e.end_offset())).leak();
    e.needs_copy = false;
  } else if (write && e.needs_copy) {
    return make_private_locked(e);
  }
  return {};
}

base::Status Map::make_private_locked(Entry& e) {
  Object* const shown = e.object;
  if (shown->internal() && shown->ref_count() == 1) {
    // Whoever it was shared with has gone.
    shown->note_direct_use();
  } else {
    e.object = TRY(Object::make_shadow(base::Ref<Object>(shown), e.offset, e.end_offset())).leak();
    shown->release();
  }
  e.needs_copy = false;
  return {};
}

}  // namespace vm
