#include "kernel/kern/wait.h"

#include "kernel/kern/assert.h"
#include "kernel/kern/scheduler.h"

namespace kern {
namespace {

// An abort that came before the wait, or a thread that is to end.
bool must_not_wait(Thread& t) {
  SchedState& s = t.sched;
  if (s.interruptible == Interruptible::kNo) return false;
  if (t.ast & ast::kTerminate) return true;
  if (!s.abort_pending) return false;
  s.abort_pending = false;
  return true;
}

// Ends an announced wait of the current thread before it blocks.
WaitResult give_up(Thread& self, WaitResult result) {
  self.sched.wait_announced = false;
  self.wait_link.unlink();
  return result;
}

}  // namespace

void prepare_wait(Interruptible interruptible) {
  SchedState& s = current_thread().sched;
  KASSERT(!s.wait_announced);
  s.wait_announced = true;
  s.wait_began = Scheduler::seconds();
  s.interruptible = interruptible;
}

WaitResult block(Deadline deadline) {
  Thread& self = current_thread();
  SchedState& s = self.sched;
  if (!s.wait_announced) return s.wait_result;
  if (must_not_wait(self)) return give_up(self, WaitResult::kInterrupted);
  if (!deadline.is_never()) {
    if (deadline.us() <= uptime_us()) return give_up(self, WaitResult::kTimedOut);
    self.wait_timer.set(deadline);
  }
  s.run_state = RunState::kWaiting;
  Scheduler::switch_away();
  return s.wait_result;
}

void wake(Thread& thread, WaitResult result) {
  SchedState& s = thread.sched;
  if (!s.wait_announced) return;
  s.wait_announced = false;
  s.wait_result = result;
  thread.wait_link.unlink();
  thread.ipc.straight_size = 0;
  if (s.run_state != RunState::kWaiting) return;
  thread.wait_timer.cancel();
  Scheduler::make_runnable(thread);
}

WaitResult handoff(Thread& to, Deadline deadline) {
  Thread& self = current_thread();
  SchedState& s = self.sched;
  // A waiting thread's wait is announced; whoever woke it made it runnable.
  if (to.sched.run_state != RunState::kWaiting || !s.wait_announced || !deadline.is_never() ||
      s.abort_pending || self.ast != 0) [[unlikely]] {
    wake(to);
    return block(deadline);
  }
  to.sched.wait_announced = false;
  to.sched.wait_result = WaitResult::kWokenUp;
  to.wait_link.unlink();
  to.ipc.straight_size = 0;
  to.wait_timer.cancel();
  s.run_state = RunState::kWaiting;
  Scheduler::switch_to(to);
  return s.wait_result;
}

void yield() { Scheduler::yield(); }

WaitResult WaitQueue::wait(Interruptible interruptible, Deadline deadline) {
  prepare_wait(interruptible);
  threads_.push_back(&current_thread());
  return block(deadline);
}

WaitResult WaitQueue::wait_handing_off(Thread& to, Interruptible interruptible) {
  prepare_wait(interruptible);
  threads_.push_back(&current_thread());
  return handoff(to);
}

bool WaitQueue::wake_one(WaitResult result) {
  Waiter* first = threads_.front();
  if (first == nullptr) return false;
  wake(static_cast<Thread&>(*first), result);
  return true;
}

void WaitQueue::wake_all(WaitResult result) {
  while (wake_one(result)) {
  }
}

}  // namespace kern
