#include "kernel/vm/page_out.h"

#include <algorithm>

#include "kernel/arch/pmap.h"
#include "kernel/kern/thread.h"
#include "kernel/vm/default_manager.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"
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
constexpr uint64_t kManagerPatienceUs = 2'000'000;  // and then at most twice that for what they were sent
constexpr int kDaemonPriority = 2;

bool is_running = false;
bool has_progressed = false;
bool wanted = false;

kern::WaitQueue& daemon_event() {
  static kern::WaitQueue queue;
  return queue;
}

// Its manager must have it back.
bool must_return(const Page& page) { return is_page_modified(page) || page.precious; }

}  // namespace

bool PageOut::running() { return is_running; }

bool PageOut::progressed() {
  const bool result = has_progressed;
  has_progressed = false;
  return result;
}

void PageOut::wake() {
  if (wanted || !is_running) return;
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
  for (Page* page = &first; page && sent < PageReturn::kMaxRun; page = object.lookup(offset)) {
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
  uint32_t freed = 0;
  for (uint32_t seen = 0; seen < limit; ++seen) {
    Page* page = oldest_inactive_page();
    if (!page) break;
    freed += reclaim(*page);
  }
  has_progressed |= freed != 0;
  return freed;
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

void PageOut::daemon(void*) {
  kern::current_thread().set_vm_privileged(true);
  for (;;) {
    while (free_page_count() < high_water_pages()) {
      const uint32_t before = free_page_count();
      release_returned();
      if (run_once(kBatch) == 0 && inactive_page_count() == 0 && active_page_count() == 0) break;
      if (free_page_count() > before) continue;
      (void)daemon_event().wait(kern::Interruptible::kNo, kern::Deadline::after_ms(kManagerTurnMs));
    }
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
