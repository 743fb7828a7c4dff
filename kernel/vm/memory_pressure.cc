#include "kernel/vm/memory_pressure.h"

#include "kernel/kern/thread.h"
#include "kernel/kern/wait.h"
#include "kernel/vm/exhaustion.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_out.h"

namespace vm {
namespace {

kern::WaitQueue& free_event() {
  static kern::WaitQueue queue;
  return queue;
}
uint32_t waiting = 0;
uint32_t privileged_waiting = 0;

// A thread short of memory gives up after this many rounds in which nothing could be freed.
constexpr int kMaxHopelessRounds = 20;
constexpr uint32_t kRoundMs = 100;

// How long who is about to use kernel memory waits for that of users.
constexpr int kMaxRoundsBeforeKernelMemory = 10;

kern::WaitResult wait_for_round(uint32_t& waiters) {
  request_page_out();
  ++waiters;
  const auto result = free_event().wait(kern::Interruptible::kYes, kern::Deadline::after_ms(kRoundMs));
  --waiters;
  return result;
}

bool enough_for_users() { return has_pages(Reserve::kUser); }

}  // namespace

uint32_t low_water_pages() { return reserved_page_count() + total_page_count() / 64; }
uint32_t high_water_pages() { return reserved_page_count() + total_page_count() / 32; }

void request_page_out() { PageOut::wake(); }

void note_pages_freed() {
  PageOut::note_pages_freed();
  if ((waiting != 0 && enough_for_users()) || privileged_waiting != 0) free_event().wake_all();
}

bool threads_wait_for_pages() { return waiting != 0 && !enough_for_users(); }

// Whoever wakes up may find that another thread was faster; that says nothing about what can be freed.
bool wait_for_free_pages(Reserve reserve) {
  if (!PageOut::running()) return false;
  const bool privileged = reserve != Reserve::kUser;
  const auto enough = [&] { return has_pages(reserve); };
  uint32_t& waiters = privileged ? privileged_waiting : waiting;
  for (int hopeless_rounds = 0; hopeless_rounds < kMaxHopelessRounds;) {
    if (enough()) return true;
    const auto result = wait_for_round(waiters);
    if (result == kern::WaitResult::kInterrupted) return false;
    if (result != kern::WaitResult::kTimedOut) continue;
    const bool hopeless = (PageOut::hopeless() || Exhaustion::nobody_left()) && !Exhaustion::task_is_ending();
    hopeless_rounds = hopeless ? hopeless_rounds + 1 : 0;
  }
  return enough();
}

void wait_before_using_kernel_memory() {
  if (own_reserve() != Reserve::kUser || !PageOut::running()) return;
  for (int rounds = 0; rounds < kMaxRoundsBeforeKernelMemory; ++rounds) {
    if (enough_for_users() || PageOut::hopeless()) return;
    if (wait_for_round(waiting) == kern::WaitResult::kInterrupted) return;
  }
}

}  // namespace vm
