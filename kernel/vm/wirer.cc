#include "kernel/vm/wirer.h"

#include <algorithm>
#include <optional>

#include "kernel/vm/page_finder.h"
#include "kernel/vm/page_queue.h"

namespace vm {

base::Status Wirer::begin(vm_prot_t access) {
  map_.wait_for_transitions(range_);
  GraphLock lock;
  TRY(map_.check_access_locked(range_, access));
  TRY(map_.clip_range_locked(range_));
  for (Entry* e = map_.first_in_locked(range_); e; e = map_.next_in_locked(e, range_)) {
    if (e->wired_count == UINT16_MAX) return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  for (Entry* e = map_.first_in_locked(range_); e; e = map_.next_in_locked(e, range_)) {
    ++e->wired_count;
    e->in_transition = true;
  }
  return {};
}

// One page, unless it is wired through its entry already.
kern_return_t Wirer::wire_one(Address a) {
  for (;;) {
    std::optional<PendingWait> wait;
    {
      GraphLock lock;
      Entry* e = map_.find_entry_locked(a);
      if (e->wired_count > 1) return KERN_SUCCESS;
      const bool write = e->protection & VM_PROT_WRITE;
      if (!map_.prepare_entry_locked(*e, write).ok()) return KERN_RESOURCE_SHORTAGE;
      if (e->object->is_physical()) return KERN_SUCCESS;
      const PageOutcome outcome = find_page(*e->object, e->offset_of(a), write);
      if (outcome.kind == PageOutcome::Kind::kPage) {
        vm_prot_t protection = e->protection;
        if (!outcome.writable || e->needs_copy) protection &= ~VM_PROT_WRITE;
        if (protection != VM_PROT_NONE) {
          TRY_CODE(map_.pmap().enter(a, outcome.page->phys, protection, arch::Wiring::kWired));
        }
        wire_page(*outcome.page);
        return KERN_SUCCESS;
      }
      wait.emplace(outcome);
    }
    if (const kern_return_t error = wait->settle(WaitMode::kInterruptible)) return error;
  }
}

base::Status Wirer::wire_pages() {
  for (done_ = range_.start; done_ < range_.end; done_ += kPageSize) {
    if (const kern_return_t error = wire_one(done_)) return base::Error(error);
  }
  return {};
}

void Wirer::finish(const base::Status& result) {
  GraphLock lock;
  if (!result.ok()) {
    // Entries that lie wholly or partly beyond done_ have nothing wired there: unwiring skips it.
    for (Entry* e = map_.first_in_locked(range_); e; e = map_.next_in_locked(e, range_)) {
      if (--e->wired_count != 0) continue;
      map_.unwire_pages_locked(*e, {e->start, std::min(e->end, done_)});
    }
  }
  for (Entry* e = map_.first_in_locked(range_); e; e = map_.next_in_locked(e, range_)) {
    e->in_transition = false;
  }
  map_.join_range_locked(range_);
  map_.transition_.wake_all();
}

base::Status Wirer::wire(vm_prot_t access) {
  TRY(begin(access));
  const base::Status result = wire_pages();
  finish(result);
  return result;
}

base::Status Wirer::unwire() {
  map_.wait_for_transitions(range_);
  GraphLock lock;
  TRY(map_.check_access_locked(range_, VM_PROT_NONE));
  TRY(map_.clip_range_locked(range_));
  for (Entry* e = map_.first_in_locked(range_); e; e = map_.next_in_locked(e, range_)) {
    if (e->wired_count != 0 && --e->wired_count == 0) {
      map_.unwire_pages_locked(*e, {e->start, e->end});
    }
  }
  map_.join_range_locked(range_);
  return {};
}

base::Status Map::wire(Address address, Size size, vm_prot_t access) {
  PageRange range;
  if (access & ~VM_PROT_ALL) return base::Error(KERN_INVALID_VALUE);
  if (!PageRange::covering(address, size, range)) return base::Error(KERN_INVALID_ADDRESS);
  if (range.empty()) return {};
  Wirer wirer(*this, range);
  return access == VM_PROT_NONE ? wirer.unwire() : wirer.wire(access);
}

}  // namespace vm
