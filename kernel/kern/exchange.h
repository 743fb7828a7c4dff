// The straight switch of the message path.
#pragma once

#include "kernel/arch/switch.h"
#include "kernel/kern/thread.h"

namespace kern {

// The current thread waits, interruptibly and without a deadline, and `next` runs in its place:
// another thread that waits like that and is on no queue. Neither is a kernel thread. Returns how
// the wait ended.
[[gnu::always_inline]] inline WaitResult exchange(Thread& self, Thread& next) {
  SchedState& s = self.sched;
  s.run_state = RunState::kWaiting;
  s.interruptible = Interruptible::kYes;
  s.wait_result = WaitResult::kWokenUp;
  s.wait_announced = true;
  s.wait_began = internal::epoch;
  SchedState& n = next.sched;
  n.run_state = RunState::kRunning;
  n.interruptible = Interruptible::kYes;
  n.wait_result = WaitResult::kWokenUp;
  n.wait_announced = false;
  internal::current = &next;
  arch::switch_user_thread(self, next);
  return s.wait_result;
}

}  // namespace kern
