#include "kernel/vm/fault.h"

#include <algorithm>
#include <optional>

#include "kernel/arch/pmap.h"
#include "kernel/kern/task.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_finder.h"
#include "kernel/vm/page_queue.h"
#include "kernel/vm/statistics.h"

namespace vm {
namespace {

using Kind = PageOutcome::Kind;

// A fault maps up to this many pages, the following ones if they are there already or cost nothing but zeros.
constexpr uint32_t kFaultCluster = 16;

// One attempt to resolve a fault; holds graph_lock throughout.
class FaultAttempt {
 public:
  FaultAttempt(Map& map, Address address, vm_prot_t wanted)
      : map_(map), address_(address), write_(wanted & VM_PROT_WRITE), wanted_(wanted) {}

  // The simple cases; false: nothing happened, run() is to be called.
  bool run_fast() REQUIRES(graph_lock);
  // The others, after run_fast().
  PageOutcome run() REQUIRES(graph_lock);
  // The page's offset in the objects of the entry; after run() or run_fast() found one.
  [[nodiscard]] Offset offset() const { return entry_ ? entry_->offset_of(address_) : 0; }

 private:
  PageOutcome map_physical() REQUIRES(graph_lock);
  base::Status enter(Address a, Page& page, bool writable) REQUIRES(graph_lock);
  void map_following(Object& object) REQUIRES(graph_lock);
  Page* following(Object& object, Offset offset) REQUIRES(graph_lock);
  void move_wiring(Page& page) REQUIRES(graph_lock);

  Map& map_;
  const Address address_;
  const bool write_;
  const vm_prot_t wanted_;
  Entry* entry_ = nullptr;
};

PageOutcome done() { return {.kind = Kind::kPage}; }
PageOutcome fail(kern_return_t error) { return {.kind = Kind::kError, .error = error}; }

// Most faults: the entry's own object has the page and nothing special is to be done for it. False:
// nothing happened.
[[gnu::always_inline]] inline bool FaultAttempt::run_fast() {
  entry_ = map_.find_entry_locked(address_);
  if (!entry_ || (wanted_ & ~entry_->protection) || entry_->wired_count) return false;
  Object* const top = entry_->object;
  if (!top || (write_ && entry_->needs_copy) || top->copy() || top->is_physical()) return false;
  Page* page = top->lookup(entry_->offset_of(address_));
  if (!page || !page->is_plain()) return false;
  top->note_writable();
  if (!enter(address_, *page, true).ok()) return false;
  map_following(*top);
  return true;
}

PageOutcome FaultAttempt::run() {
  if (!entry_) return fail(KERN_INVALID_ADDRESS);
  if (wanted_ & ~entry_->protection) return fail(KERN_PROTECTION_FAILURE);
  if (!map_.prepare_entry_locked(*entry_, write_).ok()) return {.kind = Kind::kNoMemory};
  Object& top = *entry_->object;
  if (top.is_physical()) return map_physical();

  const PageOutcome outcome = find_page(top, entry_->offset_of(address_), write_, Asking::kLater);
  if (outcome.kind != Kind::kPage) return outcome;
  if (entry_->wired_count != 0 && !entry_->in_transition) [[unlikely]] {
    move_wiring(*outcome.page);
  }
  if (!enter(address_, *outcome.page, outcome.writable).ok()) return {.kind = Kind::kNoMemory};
  if (outcome.resident || top.has_manager()) map_following(*outcome.object);
  return outcome;
}

PageOutcome FaultAttempt::map_physical() {
  const Object& object = *entry_->object;
  const auto caching = object.uncached() ? arch::Caching::kUncached : arch::Caching::kCached;
  const arch::PhysAddr page = object.physical_base() + entry_->offset_of(address_);
  const auto status = map_.pmap().enter(address_, page, entry_->protection,
                                        arch::Wiring::kPageable, caching);
  return status.ok() ? done() : PageOutcome{.kind = Kind::kNoMemory};
}

inline base::Status FaultAttempt::enter(Address a, Page& page, bool writable) {
  vm_prot_t protection = entry_->protection & ~page.lock;
  if (!writable || entry_->needs_copy) protection &= ~VM_PROT_WRITE;
  const auto wiring = entry_->wired_count ? arch::Wiring::kWired : arch::Wiring::kPageable;
  return map_.pmap().enter(a, page.phys, protection, wiring);
}

// Pages after the one just mapped that the same object shows.
void FaultAttempt::map_following(Object& object) {
  for (Object* o = entry_->object; o != &object; o = o->shadow()) {
    if (o->resident_count() != 0 || o->pager()) return;
  }
  const bool writable = &object == entry_->object && !object.copy();
  if (write_ && !writable) return;
  if (writable) object.note_writable();
  const vm_prot_t access = write_ ? VM_PROT_WRITE : VM_PROT_READ;
  const Address end = std::min(entry_->end - address_, kFaultCluster * kPageSize) + address_;
  for (Address a = address_ + kPageSize; a < end; a += kPageSize) {
    if (map_.pmap().allows(a, access)) return;
    Page* page = following(object, entry_->offset_of(a));
    if (!page || page->busy || page->error || (page->lock & access)) return;
    if (!enter(a, *page, writable).ok()) return;
  }
}

// The page, if it can be had at once. Where the manager has said, unasked, that it has nothing, a writer gets zeros:
// who writes to a new file goes on behind the page asked for.
Page* FaultAttempt::following(Object& object, Offset offset) {
  Page* page = object.lookup(offset);
  if (page || !write_ || !object.has_manager() || entry_->wired_count != 0) return page;
  if (object.manager_has(offset) || object.shadow() || free_page_count() <= high_water_pages()) return nullptr;
  const PageOutcome outcome = find_page(object, offset, true);
  return outcome.kind == Kind::kPage ? outcome.page : nullptr;
}

// The page that `page` has just replaced in a wired region may have carried its wiring.
void FaultAttempt::move_wiring(Page& page) {
  if (page.wire_count != 0) return;
  wire_page(page);
  const Offset offset = page.offset;
  for (Object* o = page.object()->shadow(); o; o = o->shadow()) {
    Page* below = o->lookup(offset);
    if (!below || below->wire_count == 0) continue;
    unwire_page(*below);
    return;
  }
}

// Waits and attempts in turn, after an attempt whose object, if any, has been retained.
[[gnu::noinline]] kern_return_t fault_slowly(Map& map, Address address, vm_prot_t wanted,
                                             PageOutcome outcome, Offset offset) {
  for (;;) {
    PendingWait wait(outcome, offset);
    if (const kern_return_t error = wait.settle(WaitMode::kInterruptible)) return error;
    GraphLock lock;
    FaultAttempt attempt(map, address, wanted);
    if (attempt.run_fast()) return KERN_SUCCESS;
    outcome = attempt.run();
    if (outcome.kind == Kind::kPage) return KERN_SUCCESS;
    if (outcome.kind == Kind::kError) return outcome.error;
    if (outcome.object) outcome.object->retain();
    offset = attempt.offset();
  }
}

}  // namespace

kern_return_t fault(Map& map, Address address, vm_prot_t wanted) {
  ++counters.faults;
  ++kern::current_task().events.faults;
  address = trunc_page(address);
  PageOutcome outcome;
  Offset offset;
  {
    GraphLock lock;
    FaultAttempt attempt(map, address, wanted);
    if (attempt.run_fast()) return KERN_SUCCESS;
    outcome = attempt.run();
    if (outcome.kind == Kind::kPage) return KERN_SUCCESS;
    if (outcome.kind == Kind::kError) return outcome.error;
    if (outcome.object) outcome.object->retain();
    offset = attempt.offset();
  }
  return fault_slowly(map, address, wanted, outcome, offset);
}

}  // namespace vm
