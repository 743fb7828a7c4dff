// Stopping, interrupting and ending threads.
#include <mach/kern_return.h>

#include <cstdint>

#include "kernel/kern/scheduler.h"
#include "kernel/kern/task.h"
#include "kernel/kern/thread.h"

namespace kern {

bool Thread::may_run_user() const {
  return active_ && suspend_count_ == 0 && task_->suspend_count() == 0;
}

void Thread::update_runnability() {
  if (!may_run_user()) {
    ast |= ast::kSuspend;
    return;
  }
  ast &= ~ast::kSuspend;
  if (sched.run_state == RunState::kStopped) Scheduler::make_runnable(*this);
}

// Another thread sees this one stopped as soon as suspend() returns: with one processor it is not
// running, and before it runs user code again it comes through here.
void Thread::stop_at_boundary() {
  while (!may_run_user() && !(ast & ast::kTerminate)) {
    sched.run_state = RunState::kStopped;
    Scheduler::switch_away();
  }
  ast &= ~ast::kSuspend;
}

base::Status Thread::suspend() {
  if (suspend_count_ == UINT32_MAX) return base::Error(KERN_FAILURE);
  ++suspend_count_;
  update_runnability();
  return {};
}

base::Status Thread::resume() {
  if (suspend_count_ == 0) return base::Error(KERN_FAILURE);
  --suspend_count_;
  update_runnability();
  return {};
}

void Thread::abort() {
  Scheduler::undepress(*this);
  if (this == &current_thread() || sched.at_user_boundary) return;
  // In the kernel, or preempted on its way in or out. If nothing is left to interrupt, the
  // request is forgotten at the user boundary.
  ast |= ast::kAbortOver;
  sched.abort_pending = true;
  if (sched.run_state == RunState::kWaiting && sched.interruptible == Interruptible::kYes) {
    sched.abort_pending = false;
    wake(*this, WaitResult::kInterrupted);
  }
  // Lets it unwind to its user boundary, so that its state can be set.
  if (sched.run_state == RunState::kRunnable) Scheduler::run_now(*this);
}

void Thread::begin_termination() {
  if (!active_) return;
  active_ = false;
  kernel_port_.destroy();
  self_port.reset();
  exception_port.reset();
  ast |= ast::kTerminate;
  if (sched.run_state != RunState::kStopped && sched.interruptible == Interruptible::kYes) {
    wake(*this, WaitResult::kInterrupted);
  }
}

void Thread::finish_termination() {
  if (sched.run_state == RunState::kRunnable) {
    Scheduler::run_now(*this);
  } else if (sched.run_state == RunState::kStopped) {
    leave_task();
    release();
  }
}

void Thread::terminate() {
  const base::Ref<Thread> keep(this);
  begin_termination();
  if (this != &current_thread()) finish_termination();
}

}  // namespace kern
