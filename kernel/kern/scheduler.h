// The scheduler: one processor, 32 priorities, timesharing with usage decay and fixed priorities.
#pragma once

#include <cstdint>

#include "kernel/kern/thread.h"

namespace kern {

class Scheduler {
 public:
  // Makes the running flow of control the idle thread's; everything else is queued behind.
  static void start(Thread& idle);

  // Puts a thread that was waiting or stopped on the run queue; asks for preemption when it is
  // better than the running one.
  static void make_runnable(Thread& t);

  // The current thread has left RunState::kRunning: runs the next one. Returns when the thread
  // runs again.
  static void switch_away();
  // The same, with the next thread given (in no queue).
  static void switch_to(Thread& next);

  // Puts the current thread behind its equals and runs the best thread. True: others were ready.
  static bool yield();
  // Runs `t` (runnable) at once, ahead of everybody; the current thread comes next.
  static void run_now(Thread& t);

  // thread_priority and friends: sets the base priority, and the rest follows.
  static void set_base_priority(Thread& t, int priority);
  static void set_policy(Thread& t, SchedPolicy policy, uint32_t quantum_ticks);
  // Lowest priority until undepress(), the deadline, or the thread runs again after others.
  static void depress(Thread& t, Deadline until);
  // False: it was not depressed.
  static bool undepress(Thread& t);
  // Seconds since boot, as the ageing of priorities counts them.
  static uint32_t seconds() { return internal::epoch; }

  // Clock interrupt: charges a tick to the current thread and ends its quantum.
  static void tick(bool user_mode);
  // Once a second: waiting for the processor improves the priority of timesharing threads.
  static void age_all();

  [[nodiscard]] static uint32_t runnable_count();
  [[nodiscard]] static bool is_idle(const Thread& t);
  // Brings usage up to date and computes the priority that usage gives.
  static void update_priority(Thread& t);

 private:
  static void requeue(Thread& t);
};

inline constexpr uint32_t kQuantumTicks = 10;

}  // namespace kern
