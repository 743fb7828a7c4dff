#include "kernel/vm/memory_pressure.h"

#include "kernel/kern/wait.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_out.h"

namespace vm {
namespace {

kern::WaitQueue& free_event() {
  static kern::WaitQueue queue;
  return queue;
}
uint32_t waiting = 0;

// A thread short of memory gives up after this many rounds in which the daemon freed nothing.
constexpr int kMaxFruitlessRounds = 20;
constexpr uint32_t kRoundMs = 100;

bool enough_for_users() { return free_page_count() > reserved_page_count(); }

}  // namespace

uint32_t low_water_pages() { return reserved_page_count() + total_page_count() / 64; }
uint32_t high_water_pages() { return reserved_page_count() + total_page_count() / 32; }

void request_page_out() { PageOut::wake(); }

void note_pages_freed() {
  if (waiting != 0 && enough_for_users()) free_event().wake_all();
}

bool wait_for_free_pages() {
  if (!PageOut::running()) return false;
  for (int round = 0; round < kMaxFruitlessRounds; ++round) {
    if (enough_for_users()) return true;
    request_page_out();
    ++waiting;
    const auto result =
        free_event().wait(kern::Interruptible::kYes, kern::Deadline::after_ms(kRoundMs));
    --waiting;
    if (result == kern::WaitResult::kInterrupted) return false;
    if (PageOut::progressed()) round = 0;
  }
  return enough_for_users();
}

}  // namespace vm
