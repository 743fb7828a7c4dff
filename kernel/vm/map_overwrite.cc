// Replacing existing memory: vm_write, vm_copy.
#include <algorithm>
#include <optional>
#include <utility>

#include "kernel/vm/map.h"
#include "kernel/vm/page_finder.h"
#include "kernel/vm/pager.h"

namespace vm {

// Puts the memory at the front of the copy in place of that of `target` (as much as both have).
// The memory replaced must be private and not wired.
base::Status Map::replace_locked(Entry& target, MapCopy& copy) {
  TRY(copy.clip_front_locked(target.size()));
  Entry* const source = copy.entries_.pop_front();
  if (target.object) {
    pmap_->remove(target.start, target.end);
    if (is_private(target) && target.object->ref_count() > 1) {
      target.object->discard_range(target.offset, target.end_offset());
    }
    target.object->release();
  }
  target.object = std::exchange(source->object, nullptr);
  target.offset = source->offset;
  target.needs_copy = source->needs_copy;
  destroy_entry(source);
  return {};
}

// Copies the first page of the copy to memory that others may see.
base::Status Map::overwrite_page(Address to, MapCopy& copy) {
  for (;;) {
    std::optional<PendingWait> wait;
    {
      GraphLock lock;
      Entry* e = tree_.find(to);
      if (!e) return base::Error(KERN_INVALID_ADDRESS);
      if (!(e->protection & VM_PROT_WRITE)) return base::Error(KERN_PROTECTION_FAILURE);
      TRY(prepare_entry_locked(*e, true));
      if (e->object->is_physical()) return base::Error(KERN_INVALID_ADDRESS);
      Entry* source = copy.entries_.front();
      TRY(copy.ensure_object_locked(*source));
      const PageOutcome target = find_page(*e->object, e->offset_of(to), true);
      const PageOutcome from = target.kind == PageOutcome::Kind::kPage
                                   ? find_page(*source->object, source->offset, false)
                                   : target;
      if (from.kind == PageOutcome::Kind::kPage) {
        arch::copy_page(from.page->phys, target.page->phys);
        target.page->dirty = true;
        copy.drop_front_locked(kPageSize);
        return {};
      }
      wait.emplace(from);
    }
    TRY(base::Status::from_code(wait->settle(WaitMode::kInterruptible)));
  }
}

base::Status Map::overwrite(Address address, MapCopyPtr copy) {
  if ((address | copy->size() | copy->page_offset()) & kPageMask) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  PageRange range;
  if (!PageRange::covering(address, copy->size(), range)) {
    return base::Error(KERN_INVALID_ADDRESS);
  }
  if (range.empty()) return {};
  TRY(copy->make_entries());
  wait_for_transitions(range);
  {
    GraphLock lock;
    TRY(check_access_locked(range, VM_PROT_WRITE));
  }
  for (Address at = range.start; at < range.end;) {
    {
      GraphLock lock;
      Entry* e = tree_.find(at);
      if (!e || !(e->protection & VM_PROT_WRITE)) return base::Error(KERN_INVALID_ADDRESS);
      const bool replaceable =
          e->wired_count == 0 && (!e->object || e->needs_copy || is_private(*e));
      if (replaceable) {
        const Address end = at + std::min(range.end - at, copy->entries_.front()->size());
        TRY(clip_range_locked({at, std::min(end, e->end)}));
        e = tree_.find(at);
        TRY(replace_locked(*e, *copy));
        at = e->end;
        continue;
      }
    }
    TRY(overwrite_page(at, *copy));
    at += kPageSize;
  }
  return {};
}

base::Status Map::copy_within(Address source, Size size, Address destination) {
  if ((source | size | destination) & kPageMask) return base::Error(KERN_INVALID_ARGUMENT);
  PageRange from;
  PageRange to;
  if (!PageRange::covering(source, size, from) || !PageRange::covering(destination, size, to)) {
    return base::Error(KERN_INVALID_ADDRESS);
  }
  if (size == 0) return {};
  {
    GraphLock lock;
    TRY(check_access_locked(from, VM_PROT_READ));
    TRY(check_access_locked(to, VM_PROT_WRITE));
  }
  return overwrite(destination, TRY(copyin_entries(source, size, SourceAction::kKeep)));
}

}  // namespace vm
