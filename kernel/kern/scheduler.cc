#include "kernel/kern/scheduler.h"

#include <algorithm>

#include "kernel/arch/switch.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/run_queue.h"

namespace kern {

namespace internal {
Thread* current;
uint32_t epoch;
}

namespace {

// A thread that uses the whole processor settles at about 267 ticks of decayed usage; 16 ticks cost
// one priority.
constexpr uint32_t kUsageShift = 4;
constexpr uint32_t kMaxUsage = 1024;
constexpr uint32_t kForgottenAfterSeconds = 30;

RunQueue queue;
Thread* idle_thread;
uint32_t quantum_left = kQuantumTicks;
using internal::epoch;

uint32_t quantum_of(const Thread& t) {
  return t.sched.policy == SchedPolicy::kFixedPriority ? t.sched.fixed_quantum_ticks
                                                       : kQuantumTicks;
}

void decay_usage(SchedState& s) {
  uint32_t seconds = epoch - s.usage_epoch;
  s.usage_epoch = epoch;
  if (seconds >= kForgottenAfterSeconds) s.usage = 0;
  for (; seconds != 0 && s.usage != 0; --seconds) s.usage = s.usage * 5 / 8;
}

}  // namespace

void Scheduler::start(Thread& idle) {
  idle_thread = &idle;
  internal::current = &idle;
  idle.sched.run_state = RunState::kRunning;
  idle.sched.base_priority = idle.sched.priority = kPriorityIdle;
}

bool Scheduler::is_idle(const Thread& t) { return &t == idle_thread; }

uint32_t Scheduler::runnable_count() {
  return queue.size() + (is_idle(current_thread()) ? 0 : 1);
}

void Scheduler::update_priority(Thread& t) {
  SchedState& s = t.sched;
  decay_usage(s);
  if (s.depressed_from >= 0 || is_idle(t)) return;
  int priority = s.base_priority;
  if (s.policy == SchedPolicy::kTimeshare) priority += static_cast<int>(s.usage >> kUsageShift);
  s.priority = static_cast<int8_t>(std::min(priority, kPriorityIdle));
}

void Scheduler::make_runnable(Thread& t) {
  update_priority(t);
  t.sched.run_state = RunState::kRunnable;
  queue.push_back(t);
  Thread& running = current_thread();
  if (t.sched.priority < running.sched.priority) running.ast |= ast::kPreempt;
}

void Scheduler::switch_to(Thread& next) {
  Thread& previous = current_thread();
  next.sched.run_state = RunState::kRunning;
  if (&next == &previous) return;
  internal::current = &next;
  arch::switch_thread(previous, next);
}

void Scheduler::switch_away() {
  Thread* next = queue.pop();
  if (next == nullptr) next = idle_thread;
  quantum_left = quantum_of(*next);
  switch_to(*next);
}

bool Scheduler::yield() {
  Thread& self = current_thread();
  self.ast &= ~ast::kPreempt;
  if (queue.empty()) {
    quantum_left = quantum_of(self);
    return false;
  }
  self.sched.run_state = RunState::kRunnable;
  if (!is_idle(self)) {
    update_priority(self);
    queue.push_back(self);
  }
  switch_away();
  return true;
}

void Scheduler::run_now(Thread& t) {
  KASSERT(t.sched.run_state == RunState::kRunnable && !is_idle(t));
  Thread& self = current_thread();
  queue.remove(t);
  self.sched.run_state = RunState::kRunnable;
  if (!is_idle(self)) queue.push_front(self);
  quantum_left = quantum_of(t);
  switch_to(t);
}

void Scheduler::requeue(Thread& t) {
  const bool queued = t.sched.run_state == RunState::kRunnable && !is_idle(t);
  if (queued) queue.remove(t);
  update_priority(t);
  if (queued) queue.push_back(t);
  Thread& running = current_thread();
  if (queue.best_priority() < running.sched.priority) running.ast |= ast::kPreempt;
}

void Scheduler::set_base_priority(Thread& t, int priority) {
  t.sched.base_priority = static_cast<int8_t>(priority);
  requeue(t);
}

void Scheduler::set_policy(Thread& t, SchedPolicy policy, uint32_t quantum_ticks) {
  t.sched.policy = policy;
  t.sched.fixed_quantum_ticks = std::max<uint32_t>(quantum_ticks, 1);
  if (&t == &current_thread()) quantum_left = std::min(quantum_left, quantum_of(t));
  requeue(t);
}

void Scheduler::depress(Thread& t, Deadline until) {
  if (t.sched.depressed_from < 0) t.sched.depressed_from = t.sched.priority;
  const bool queued = t.sched.run_state == RunState::kRunnable && !is_idle(t);
  if (queued) queue.remove(t);
  t.sched.priority = kPriorityDepressed;
  if (queued) queue.push_back(t);
  t.depress_timer.set(until);
}

bool Scheduler::undepress(Thread& t) {
  t.depress_timer.cancel();
  if (t.sched.depressed_from < 0) return false;
  const bool queued = t.sched.run_state == RunState::kRunnable && !is_idle(t);
  if (queued) queue.remove(t);
  t.sched.depressed_from = -1;
  update_priority(t);
  if (queued) queue.push_back(t);
  return true;
}

void Scheduler::tick(bool user_mode) {
  Thread& self = current_thread();
  ++(user_mode ? self.sched.user_ticks : self.sched.system_ticks);
  if (is_idle(self)) return;
  if (self.sched.usage < kMaxUsage) ++self.sched.usage;
  update_priority(self);
  if (quantum_left > 0) --quantum_left;
  const int rival = queue.best_priority();
  const bool must_share = quantum_left == 0 && rival <= self.sched.priority;
  if (must_share || rival < self.sched.priority) self.ast |= ast::kPreempt;
  if (quantum_left == 0) quantum_left = quantum_of(self);
}

void Scheduler::age_all() {
  ++epoch;
  // A thread only moves up, to a list already visited.
  for (int p = 0; p < kPriorityCount; ++p) {
    for (Thread* t = queue.first(p); t != nullptr;) {
      Thread* const following = queue.next(*t);
      const int8_t before = t->sched.priority;
      update_priority(*t);
      const int8_t after = t->sched.priority;
      if (after != before) {
        t->sched.priority = before;
        queue.remove(*t);
        t->sched.priority = after;
        queue.push_back(*t);
      }
      t = following;
    }
  }
}

}  // namespace kern
