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

// Pages that the structures of a transfer may need, of different sizes as they are, and how long they are waited for:
// the page-out daemon may have to find a way around the manager that waits.
constexpr uint32_t kTransferPages = 8;
constexpr uint32_t kMostTransferRounds = 5;

// How long a pair of pages is waited for; there need not be one that can be made.
constexpr uint32_t kMostPairRounds = 5;

kern::WaitResult wait_for_round(uint32_t& waiters) {
  request_page_out();
  ++waiters;
  const auto result = free_event().wait(kern::Interruptible::kYes, kern::Deadline::after_ms(kRoundMs));
  --waiters;
  return result;
}

bool enough_for_users() { return has_pages(Reserve::kUser); }

enum class Waited : uint8_t { kEnough, kInterrupted, kInVain };

// Whoever wakes up may find that another thread was faster; that says nothing about what can be freed.
template <typename F>
Waited wait_until(F enough, Reserve reserve, uint32_t most_rounds = UINT32_MAX) {
  if (!PageOut::running()) return Waited::kInVain;
  uint32_t& waiters = reserve == Reserve::kUser ? waiting : privileged_waiting;
  int hopeless_rounds = 0;
  for (uint32_t rounds = 0; rounds < most_rounds && hopeless_rounds < kMaxHopelessRounds; ++rounds) {
    if (enough()) return Waited::kEnough;
    const auto result = wait_for_round(waiters);
    if (result == kern::WaitResult::kInterrupted) return Waited::kInterrupted;
    if (result != kern::WaitResult::kTimedOut) continue;
    const bool hopeless = (PageOut::hopeless() || Exhaustion::nobody_left()) && !Exhaustion::task_is_ending();
    hopeless_rounds = hopeless ? hopeless_rounds + 1 : 0;
  }
  return enough() ? Waited::kEnough : Waited::kInVain;
}

}  // namespace

uint32_t low_water_pages() { return reserved_page_count() + total_page_count() / 64; }
uint32_t high_water_pages() { return reserved_page_count() + total_page_count() / 32; }

void request_page_out() { PageOut::wake(); }

void note_pages_freed() {
  PageOut::note_pages_freed();
  if ((waiting != 0 && enough_for_users()) || privileged_waiting != 0) free_event().wake_all();
}

bool threads_wait_for_pages() { return waiting != 0 && !enough_for_users(); }

bool wait_for_free_pages(Reserve reserve) {
  return wait_until([&] { return has_pages(reserve); }, reserve) == Waited::kEnough;
}

// Who is interrupted goes on with what there is.
base::Status wait_for_task_memory() {
  if (own_reserve() != Reserve::kUser || !PageOut::running()) return {};
  if (wait_until(enough_for_users, Reserve::kUser) == Waited::kInVain) return base::Error(KERN_RESOURCE_SHORTAGE);
  (void)wait_until(has_page_pair, Reserve::kUser, kMostPairRounds);  // for a stack
  return {};
}

void wait_for_transfer_memory() {
  if (own_reserve() == Reserve::kPrivileged) return;
  const auto enough = [] { return has_pages(Reserve::kKernel, kTransferPages); };
  (void)wait_until(enough, Reserve::kKernel, kMostTransferRounds);
}

}  // namespace vm
