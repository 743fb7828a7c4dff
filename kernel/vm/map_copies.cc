// Copies of regions: fork, copyin, copyout.
#include <algorithm>
#include <new>

#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/vm/map.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_finder.h"
#include "kernel/vm/pager_registry.h"
#include "kernel/vm/slow_copies.h"

namespace vm {
namespace {

// KERN_FAILURE inside an operation: the map changed, another slow copy is needed; start over.
constexpr kern_return_t kStartOver = KERN_FAILURE;

bool needs_slow_copy(const Entry& e) {
  return e.object && !e.needs_copy && SlowCopies::needed(*e.object);
}

base::Result<base::Ref<Object>> make_asymmetric_copy(Object& object, Offset start, Offset end) {
  const Pager* pager = object.pager();
  if (pager && !pager->dead() && pager->strategy == CopyStrategy::kCall) {
    return copy_by_manager(object, start, end);
  }
  return object.make_copy(start, end);
}

// What arrives through a message looks like newly allocated memory.
void reset_attributes(Entry& e) {
  e.protection = VM_PROT_DEFAULT;
  e.max_protection = VM_PROT_ALL;
  e.inheritance = VM_INHERIT_COPY;
}

}  // namespace

// Makes, with waits, the copies that the range needs and that cannot be made copy-on-write.
base::Status Map::prepare_copies(PageRange range, SlowCopies& slow, bool for_fork) {
  for (;;) {
    base::Ref<Object> source;
    Offset start = 0;
    Offset end = 0;
    {
      GraphLock lock;
      for (Entry* e = first_in_locked(range); e; e = next_in_locked(e, range)) {
        if (!needs_slow_copy(*e) || (for_fork && e->inheritance != VM_INHERIT_COPY)) continue;
        start = e->offset_of(std::max(e->start, range.start));
        end = e->offset_of(std::min(e->end, range.end));
        if (slow.find(*e->object, start, end)) continue;
        source = base::Ref<Object>(e->object);
        break;
      }
    }
    if (!source) return {};
    TRY(slow.prepare(std::move(source), start, end));
  }
}

// The pages of a wired region are copied at once: it must stay as it is.
base::Result<Entry*> Map::copy_wired_locked(Entry& e) {
  base::Ref<Object> copy = TRY(Object::create(e.offset, e.end_offset()));
  for (Offset o = e.offset; o < e.end_offset(); o += kPageSize) {
    const PageOutcome source = find_page(*e.object, o, false);
    if (source.kind != PageOutcome::Kind::kPage) return base::Error(KERN_RESOURCE_SHORTAGE);
    Page* page = allocate_page();
    if (!page) return base::Error(KERN_RESOURCE_SHORTAGE);
    arch::copy_page(source.page->phys, page->phys);
    page->dirty = true;
    copy->insert(*page, o);
  }
  Entry* result = clone_entry(e);
  if (!result) return base::Error(KERN_RESOURCE_SHORTAGE);
  result->object->release();
  result->object = copy.leak();
  result->needs_copy = false;
  return result;
}

// An entry that shows the present contents of `e`, copy-on-write.
base::Result<Entry*> Map::copy_entry_locked(Entry& e, SlowCopies& slow) {
  Object* const object = e.object;
  if (object && !object->is_physical()) {
    if (e.wired_count != 0) return copy_wired_locked(e);
    if (!e.needs_copy && (!object->internal() || object->shared())) {
      base::Ref<Object> copy;
      if (SlowCopies::needed(*object)) {
        copy = slow.find(*object, e.offset, e.end_offset());
        if (!copy) return base::Error(kStartOver);
      } else {
        copy = TRY(make_asymmetric_copy(*object, e.offset, e.end_offset()));
      }
      Entry* result = clone_entry(e);
      if (!result) return base::Error(KERN_RESOURCE_SHORTAGE);
      result->object->release();
      result->object = copy.leak();
      // What is written to a copy that its manager made belongs to that manager.
      result->needs_copy = result->object->internal();
      return result;
    }
  }
  Entry* result = clone_entry(e);
  if (!result) return base::Error(KERN_RESOURCE_SHORTAGE);
  if (object && !object->is_physical() && !e.needs_copy) {
    e.needs_copy = result->needs_copy = true;
    if (e.protection & VM_PROT_WRITE) {
      pmap_->protect(e.start, e.end, e.protection & ~VM_PROT_WRITE);
    }
  }
  return result;
}

// An entry that shares the memory of `e` for reading and writing.
base::Result<Entry*> Map::share_entry_locked(Entry& e) {
  TRY(prepare_entry_locked(e, true));
  if (!e.object->is_physical()) e.object->set_shared();
  Entry* result = clone_entry(e);
  if (!result) return base::Error(KERN_RESOURCE_SHORTAGE);
  return result;
}

base::Status Map::fork_locked(Map& child, SlowCopies& slow) {
  for (Entry* e = tree_.first(); e; e = tree_.next(e)) {
    if (e->inheritance == VM_INHERIT_NONE) continue;
    Entry* copy = e->inheritance == VM_INHERIT_SHARE ? TRY(share_entry_locked(*e))
                                                     : TRY(copy_entry_locked(*e, slow));
    child.tree_.insert_before(copy, nullptr);
    child.size_ += copy->size();
  }
  return {};
}

base::Result<base::Ref<Map>> Map::fork() {
  for (;;) {
    const PageRange all{0, kUserEnd};
    base::Ref<Map> child = TRY(create());
    SlowCopies slow;
    wait_for_transitions(all);
    TRY(prepare_copies(all, slow, true));
    base::Status status;
    {
      GraphLock lock;
      status = fork_locked(*child, slow);
    }
    if (status.ok()) return child;
    if (status.code() != kStartOver) return status.error();
  }
}

// Whether the entry itself may go into a message: nobody else sees its memory as his own.
bool Map::is_movable(const Entry& e) {
  return e.wired_count == 0 && (!e.object || e.needs_copy || is_private(e));
}

// Copies of the range's entries, of all or only of those that cannot be moved.
base::Status Map::copy_range_locked(PageRange range, SourceAction action, SlowCopies& slow,
                                    EntryList& to) {
  for (Entry* e = first_in_locked(range); e; e = next_in_locked(e, range)) {
    if (action == SourceAction::kDestroy && is_movable(*e)) continue;
    to.push_back(TRY(copy_entry_locked(*e, slow)));
  }
  return {};
}

// Merges the movable entries of the range, in order, with the copies of the others. Cannot fail.
void Map::move_range_locked(PageRange range, EntryList& copies, EntryList& to) {
  for (Entry* e = first_in_locked(range); e;) {
    Entry* const next = next_in_locked(e, range);
    if (is_movable(*e)) {
      if (e->object) pmap_->remove(e->start, e->end);
      tree_.remove(e);
      size_ -= e->size();
      to.push_back(e);
    } else {
      to.push_back(copies.pop_front());
    }
    e = next;
  }
}

base::Status Map::collect_locked(PageRange range, SourceAction action, SlowCopies& slow,
                                 MapCopy& to) {
  TRY(check_access_locked(range, VM_PROT_READ));
  TRY(clip_range_locked(range));
  EntryList copies;
  const base::Status status = copy_range_locked(range, action, slow, copies);
  if (!status.ok()) {
    while (Entry* e = copies.pop_front()) destroy_entry(e);
    return status;
  }
  if (action == SourceAction::kDestroy) {
    move_range_locked(range, copies, to.entries_);
    TRY(remove_locked(range));
  } else {
    to.entries_.splice_back(copies);
    join_range_locked(range);
  }
  for (Entry& e : to.entries_) {
    reset_attributes(e);
    e.start -= range.start;
    e.end -= range.start;
  }
  return {};
}

// The copy of one whole entry of private memory, the usual case; null when it is not that simple.
inline MapCopyPtr Map::copyin_exact(PageRange range, Size size, Size page_offset) {
  GraphLock lock;
  Entry* e = exact_entry_locked(range);
  if (!e || !(e->protection & VM_PROT_READ)) return nullptr;
  if (e->object && !e->needs_copy && !is_private(*e)) return nullptr;
  Entry* entry = clone_entry(*e);
  if (!entry) return nullptr;
  auto* copy = new (std::nothrow) MapCopy(size, page_offset);
  if (!copy) {
    destroy_entry(entry);
    return nullptr;
  }
  if (e->object && !e->needs_copy) {
    e->needs_copy = entry->needs_copy = true;
    if (e->protection & VM_PROT_WRITE) {
      pmap_->protect(e->start, e->end, e->protection & ~VM_PROT_WRITE);
    }
  }
  reset_attributes(*entry);
  entry->end -= entry->start;
  entry->start = 0;
  copy->entries_.push_back(entry);
  return MapCopyPtr(copy);
}

base::Result<MapCopyPtr> Map::copyin_range(PageRange range, Size size, Size page_offset,
                                           SourceAction action) {
  for (;;) {
    MapCopyPtr copy(new (std::nothrow) MapCopy(size, page_offset));
    if (!copy) return base::Error(KERN_RESOURCE_SHORTAGE);
    SlowCopies slow;
    wait_for_transitions(range);
    TRY(prepare_copies(range, slow, false));
    base::Status status;
    {
      GraphLock lock;
      status = collect_locked(range, action, slow, *copy);
    }
    if (status.ok()) return copy;
    if (status.code() != kStartOver) return status.error();
  }
}

base::Result<MapCopyPtr> Map::copyin_entries(Address address, Size size, SourceAction action) {
  PageRange range;
  if (!PageRange::covering(address, size, range)) return base::Error(KERN_INVALID_ADDRESS);
  const Size page_offset = address & kPageMask;
  if (action == SourceAction::kKeep) {
    if (MapCopyPtr copy = copyin_exact(range, size, page_offset)) return copy;
  }
  return copyin_range(range, size, page_offset, action);
}

base::Result<MapCopyPtr> Map::copyin(Address address, Size size, SourceAction action) {
  if (size == 0) return MapCopy::create_buffer(0, 0);
  const bool own = this == &kern::current_task().map();
  if (!own || size > MapCopy::kMaxBuffer) return copyin_entries(address, size, action);
  MapCopyPtr copy = TRY(MapCopy::create_buffer(size, address & kPageMask));
  TRY(kern::copy_in_bytes(copy->buffer(), address, size));
  if (action == SourceAction::kDestroy) TRY(deallocate(address, size));
  return copy;
}

base::Result<Address> Map::copyout(MapCopyPtr copy) {
  if (copy->size() == 0) return Address{0};
  TRY(copy->make_entries());
  const Size offset = copy->page_offset();
  const Size total = round_page(offset + copy->size());
  GraphLock lock;
  Address start;
  Entry* after;
  if (!tree_.find_space(kAnywhereStart, kUserEnd, total, 0, start, after)) {
    return base::Error(KERN_NO_SPACE);
  }
  while (Entry* e = copy->entries_.pop_front()) {
    e->start += start;
    e->end += start;
    tree_.insert_before(e, after);
  }
  size_ += total;
  return start + offset;
}

base::Result<base::Ref<Object>> copy_of_object(base::Ref<Object> object, Offset offset,
                                               Size size) {
  if (object->is_physical()) return object;
  const Offset end = offset + round_page(size);
  SlowCopies slow;
  for (;;) {
    {
      GraphLock lock;
      if (!SlowCopies::needed(*object)) return make_asymmetric_copy(*object, offset, end);
      if (base::Ref<Object> copy = slow.find(*object, offset, end)) return copy;
    }
    TRY(slow.prepare(object, offset, end));
  }
}

}  // namespace vm
