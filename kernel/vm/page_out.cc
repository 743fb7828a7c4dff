#include "kernel/vm/page_out.h"

#include <algorithm>

#include "kernel/arch/pmap.h"
#include "kernel/kern/thread.h"
#include "kernel/vm/default_manager.h"
#include "kernel/vm/exhaustion.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_pairs.h"
#include "kernel/vm/page_queue.h"
#include "kernel/vm/page_return.h"
#include "kernel/vm/pager.h"
#include "kernel/vm/pager_registry.h"
#include "kernel/vm/placeholder.h"
#include "kernel/vm/statistics.h"

namespace vm {
namespace {

constexpr uint32_t kBatch = 64;          // inactive pages looked at with the lock held
constexpr uint32_t kManagerTurnMs = 20;  // how long managers get to free what they were sent
constexpr uint32_t kIdleTurnMs = 200;    // the same while nobody waits for it and there is no room for more
constexpr uint64_t kManagerPatienceUs = 2'000'000;  // and then at most twice that for what they were sent
// The default manager has got nothing done for so long: it never will.
constexpr uint64_t kLaundryPatienceUs = 120'000'000;
constexpr uint32_t kMostReturned = 512;
constexpr int kDaemonPriority = 2;

bool is_running = false;
bool wanted = false;
bool waits_for_laundry = false;
uint32_t looked_in_vain = 0;  // pages, since one was freed or sent

// Notices a default manager that does nothing any more.
class LaundryWatch {
 public:
  void look() {
    const uint32_t count = laundry_page_count();
    if (count == 0 || count != last_count_) since_ = kern::uptime_us();
    last_count_ = count;
  }
  [[nodiscard]] bool moves() const {
    return laundry_page_count() != 0 && kern::uptime_us() - since_ < kLaundryPatienceUs;
  }

 private:
  uint32_t last_count_ = 0;
  uint64_t since_ = 0;
};
LaundryWatch laundry_watch;

kern::WaitQueue& daemon_event() {
  static kern::WaitQueue queue;
  return queue;
}

// Free, or on the way to it.
uint32_t pages_gone() { return free_page_count() + laundry_page_count() + returned_page_count(); }

// Whether what is on its way to the default manager is enough to have so many pages free, or as much as there is kernel
// memory for: each message takes some, and gives it back when it is received.
bool suffices_with_laundry(uint32_t pages) {
  return free_page_count() + laundry_page_count() >= pages || !has_pages(Reserve::kKernel);
}

// Its manager must have it back.
bool must_return(const Page& page) { return is_page_modified(page) || page.precious; }

}  // namespace

bool PageOut::running() { return is_running; }

bool PageOut::hopeless() {
  return looked_in_vain >= 2 * (active_page_count() + inactive_page_count()) && returned_page_count() == 0 &&
         !laundry_watch.moves();
}

// It waits for the laundry until that, with what is free, falls below the low water mark again.
void PageOut::wake() {
  if (!is_running) return;
  const bool wants_more = waits_for_laundry && !suffices_with_laundry(low_water_pages());
  if (wanted && !wants_more) return;
  waits_for_laundry = false;
  wanted = true;
  daemon_event().wake_all();
}

// Keeps a third of the pages inactive, so that a page has time to be used again before its turn comes.
uint32_t PageOut::refill_inactive() {
  const uint32_t target = (active_page_count() + inactive_page_count()) / 3;
  uint32_t moved = 0;
  for (; inactive_page_count() < target; ++moved) {
    Page* page = oldest_active_page();
    if (!page) break;
    deactivate_page(*page);
  }
  return moved;
}

// The manager has died. An object in use becomes the default manager's as far as it is resident, one that was only
// cached ends. How many pages were freed.
uint32_t PageOut::disown(Object& object) {
  if (PagerCache::holds(*object.pager())) {
    const uint32_t count = object.resident_count();
    PagerCache::take_out(*object.pager());
    object.destroy_unreferenced();
    return count;
  }
  orphan_object(object);
  Offset start = UINT32_MAX;
  Offset end = 0;
  for (const Page& page : object.pages().pages) {
    start = std::min(start, page.offset);
    end = std::max(end, page.offset + kPageSize);
  }
  object.set_window(start, end);
  return 0;
}

// Sends such a page and the inactive ones like it behind it in its object that nobody used.
uint32_t PageOut::send(Page& first) {
  Object& object = *first.object();
  if (object.pager() && object.pager()->dead() && !object.pager()->internal) {
    if (const uint32_t freed = disown(object)) return freed;
  }
  if (!object.pager()) {
    const bool odd = object.is_physical() || (!object.internal() && object.shadow());
    if (odd || !give_to_default_manager(object).ok()) {
      activate_page(first);
      return 0;
    }
  }
  if (object.pager()->dead()) {
    activate_page(first);
    return 0;
  }
  PageReturn pages(*object.pager(), KernelCopy::kGone);
  uint32_t sent = 0;
  Offset offset = first.offset;
  for (Page* page = &first; page && sent < pages.max_run(); page = object.lookup(offset)) {
    if (page->busy || page->queue != PageQueue::kInactive || !must_return(*page)) break;
    if (page != &first && arch::is_referenced(page->phys)) break;
    if (!pages.add(*page)) break;
    ++sent;
    offset += kPageSize;
  }
  if (sent == 0) activate_page(first);
  return sent;
}

uint32_t PageOut::reclaim(Page& page) {
  if (arch::is_referenced(page.phys)) {
    ++counters.reactivations;
    activate_page(page);
    return 0;
  }
  arch::page_protect(page.phys, VM_PROT_NONE);
  if (must_return(page)) return send(page);
  Object::discard(page);
  return 1;
}

uint32_t PageOut::run_once(uint32_t limit) {
  GraphLock lock;
  const uint32_t moved = refill_inactive();
  if (moved > inactive_page_count() / 2) return 0;  // the oldest of them are too fresh
  uint32_t all_freed = 0;
  for (uint32_t seen = 0; seen < limit;) {
    Page* page = oldest_inactive_page();
    if (!page) break;
    const uint32_t freed = reclaim(*page);
    all_freed += freed;
    seen += std::max(freed, 1u);
    looked_in_vain = freed != 0 ? 0 : looked_in_vain + 1;
  }
  return all_freed;
}

// Managers have had time for what was returned to them.
void PageOut::release_returned() {
  static uint64_t last = 0;
  const uint64_t now = kern::uptime_us();
  if (now - last < kManagerPatienceUs) return;
  last = now;
  GraphLock lock;
  release_returned_pages();
}

bool PageOut::enough_on_its_way() {
  laundry_watch.look();
  return laundry_watch.moves() && suffices_with_laundry(high_water_pages());
}

// Managers other than the default one get so many pages without a pause. Half of them are enough to go on.
uint32_t PageOut::most_returned() { return std::min(total_page_count() / 32, kMostReturned); }

bool PageOut::managers_are_busy() { return returned_page_count() > most_returned(); }

void PageOut::look_at_returned() {
  if (returned_page_count() > most_returned() / 2) return;
  waits_for_returned_ = false;
  daemon_event().wake_all();
}

void PageOut::wait_for_managers() {
  waits_for_laundry = enough_on_its_way();
  waits_for_returned_ = managers_are_busy();
  const bool idle = Exhaustion::observed() && !threads_wait_for_pages();
  (void)daemon_event().wait(kern::Interruptible::kNo, kern::Deadline::after_ms(idle ? kIdleTurnMs : kManagerTurnMs));
  waits_for_laundry = waits_for_returned_ = false;
  Exhaustion::observe();
}

void PageOut::make_pairs() {
  if (!page_pairs_are_short()) return;
  GraphLock lock;
  make_page_pairs();
}

void PageOut::daemon(void*) {
  kern::current_thread().set_vm_privileged(true);
  for (;;) {
    while (free_page_count() < high_water_pages()) {
      const uint32_t before = pages_gone();
      make_pairs();
      release_returned();
      if (!enough_on_its_way()) {
        const bool nothing = run_once(kBatch) == 0 && inactive_page_count() == 0 && active_page_count() == 0;
        if (nothing && laundry_page_count() == 0) break;
      }
      if (pages_gone() <= before || managers_are_busy()) wait_for_managers();
    }
    make_pairs();
    if (free_page_count() >= high_water_pages()) Exhaustion::over();
    wanted = false;
    if (free_page_count() < low_water_pages()) {
      (void)daemon_event().wait(kern::Interruptible::kNo, kern::Deadline::after_ms(200));
    } else {
      (void)daemon_event().wait(kern::Interruptible::kNo);
    }
  }
}

void PageOut::start() {
  is_running = kern::Thread::create_kernel("page-out", &daemon, nullptr, kDaemonPriority).ok();
}

}  // namespace vm
