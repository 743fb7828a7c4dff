// What the scheduler keeps in every thread.
#pragma once

#include <cstdint>

#include "kernel/kern/timer.h"
#include "kernel/kern/wait.h"

namespace kern {

// 0 is best. Numbers of the book and of the classic kernel: users start at 12.
inline constexpr int kPriorityCount = 32;
inline constexpr int kPriorityIdle = kPriorityCount - 1;
inline constexpr int kPriorityDepressed = kPriorityCount - 1;
inline constexpr int kPriorityUserBase = 12;
inline constexpr int kPrioritySystem = 6;
inline constexpr int kPriorityMaxUser = kPrioritySystem + 1;

enum class SchedPolicy : uint8_t { kTimeshare = 1, kFixedPriority = 2 };

enum class RunState : uint8_t {
  kRunning,   // on the processor (also: has announced a wait but still runs, see wait.h)
  kRunnable,  // on a run queue
  kWaiting,   // blocked inside the kernel
  kStopped,   // parked at the user boundary: suspended, or never started
  kDead,      // has left the processor for the last time
};

// Reasons to look twice before going back to user mode (Thread::ast).
namespace ast {
inline constexpr uint32_t kTerminate = 1u << 0;
inline constexpr uint32_t kSuspend = 1u << 1;
inline constexpr uint32_t kPreempt = 1u << 2;
inline constexpr uint32_t kSingleStep = 1u << 3;
inline constexpr uint32_t kSample = 1u << 4;
// The user registers were changed from outside: restore all of them.
inline constexpr uint32_t kFullRestore = 1u << 5;
// An abort came too late to interrupt anything: forget it.
inline constexpr uint32_t kAbortOver = 1u << 6;
}  // namespace ast

namespace internal {
extern uint32_t epoch;  // seconds since boot
}

struct SchedState {
  RunState run_state = RunState::kStopped;
  Interruptible interruptible = Interruptible::kNo;
  WaitResult wait_result = WaitResult::kWokenUp;
  bool wait_announced = false;  // between prepare_wait and the end of block
  bool abort_pending = false;   // the next interruptible wait of this kernel entry is interrupted

  SchedPolicy policy = SchedPolicy::kTimeshare;
  int8_t base_priority = kPriorityUserBase;
  int8_t max_priority = kPriorityMaxUser;
  int8_t priority = kPriorityUserBase;   // what decides now
  int8_t depressed_from = -1;            // priority to go back to; -1: not depressed
  uint32_t fixed_quantum_ticks = 0;      // fixed priority policy
  uint32_t usage = 0;                    // recent ticks, decayed by 5/8 each second
  uint32_t usage_epoch = 0;              // second up to which `usage` is decayed

  uint32_t user_ticks = 0;
  uint32_t system_ticks = 0;
  uint32_t wait_began = 0;  // second since boot
  bool at_user_boundary = true;  // its user registers are complete and nothing in the kernel pends
};

}  // namespace kern
