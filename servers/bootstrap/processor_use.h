// How tasks use the processor, and at which priority.
#pragma once

#include <cstdint>

#include <mach/kern_return.h>
#include <mach/mach_types.h>

namespace bootstrap {

// Fixed priorities, so that using the processor does not make them worse: a server that serves much would otherwise
// be preempted by each client that it wakes, and then nobody waits for the next request. Lower is better; 7 is the
// best that the kernel gives to user tasks, and programs have 8 to 30 and what their use of the processor adds. The
// bootstrap server can always interfere.
inline constexpr int kOwnPriority = 7;
inline constexpr int kServerPriority = 8;

// To be called before this task has a second thread; threads have the policy of who makes them.
void use_own_priority();

// For a task without threads: what they will start with.
kern_return_t use_server_priority(task_t task);

enum class Policy { kFixed, kTimesharing };
// Of one thread. A kernel that does not permit fixed priorities leaves it as it is.
void set_policy(thread_t thread, Policy policy);
// Of all threads that the task has.
void set_policy_of_all(task_t task, Policy policy);

// Microseconds that a task's threads have used so far, those included that have ended; 0: the task has ended.
uint64_t processor_time(task_t task);

}  // namespace bootstrap
