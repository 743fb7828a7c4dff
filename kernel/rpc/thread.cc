// Calls on threads (book chapter 6).
#include <mach/kern_return.h>
#include <mach/policy.h>
#include <mach/thread_info.h>

#include "kernel/arch/state.h"
#include "kernel/kern/host.h"
#include "kernel/kern/info.h"
#include "kernel/kern/scheduler.h"
#include "kernel/rpc/mach_host_server.h"
#include "kernel/rpc/mach_server.h"

namespace rpc {
namespace {

bool is_self(const ThreadRef& t) { return t.get() == &kern::current_thread(); }
bool is_priority(int p) { return p >= 0 && p < kern::kPriorityCount; }

}  // namespace

kern_return_t thread_create(TaskRef parent, ThreadRef* child) {
  if (!parent) return KERN_INVALID_ARGUMENT;
  *child = TRY_CODE(kern::Thread::create(*parent));
  return KERN_SUCCESS;
}

kern_return_t thread_terminate(ThreadRef thread) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  thread->terminate();
  return KERN_SUCCESS;
}

kern_return_t thread_suspend(ThreadRef thread) {
  return thread ? thread->suspend().code() : KERN_INVALID_ARGUMENT;
}

kern_return_t thread_resume(ThreadRef thread) {
  return thread ? thread->resume().code() : KERN_INVALID_ARGUMENT;
}

kern_return_t thread_abort(ThreadRef thread) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  thread->abort();
  return KERN_SUCCESS;
}

kern_return_t thread_get_state(ThreadRef thread, int flavor, natural_t* state,
                               mach_msg_type_number_t* count) {
  if (!thread || is_self(thread)) return KERN_INVALID_ARGUMENT;
  static_assert(arch::kThreadStateMax <= mig::kMostCounted);
  *count = arch::kThreadStateMax;
  return arch::get_thread_state(*thread, flavor, state, *count);
}

kern_return_t thread_set_state(ThreadRef thread, int flavor, const natural_t* state,
                               mach_msg_type_number_t count) {
  if (!thread || is_self(thread)) return KERN_INVALID_ARGUMENT;
  return arch::set_thread_state(*thread, flavor, state, count);
}

kern_return_t thread_info(ThreadRef thread, int flavor, integer_t* info,
                          mach_msg_type_number_t* count) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  *count = TRY_CODE(kern::thread_info(*thread, flavor, {info, mig::kMostCounted}));
  return KERN_SUCCESS;
}

kern_return_t thread_get_special_port(ThreadRef thread, int which, SendRight* port) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  *port = TRY_CODE(thread->get_special_port(which));
  return KERN_SUCCESS;
}

kern_return_t thread_set_special_port(ThreadRef thread, int which, SendRight port) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  return thread->set_special_port(which, std::move(port)).code();
}

kern_return_t thread_priority(ThreadRef thread, int priority, boolean_t set_max) {
  if (!thread || !is_priority(priority)) return KERN_INVALID_ARGUMENT;
  if (priority < thread->sched.max_priority) return KERN_FAILURE;
  if (set_max) thread->sched.max_priority = static_cast<int8_t>(priority);
  kern::Scheduler::set_base_priority(*thread, priority);
  return KERN_SUCCESS;
}

kern_return_t thread_max_priority(ThreadRef thread, ProcessorSetRef set, int priority) {
  if (!thread || !set || !is_priority(priority)) return KERN_INVALID_ARGUMENT;
  thread->sched.max_priority = static_cast<int8_t>(priority);
  if (thread->sched.base_priority < priority) {
    kern::Scheduler::set_base_priority(*thread, priority);
  }
  return KERN_SUCCESS;
}

kern_return_t thread_policy(ThreadRef thread, int policy, int data) {
  constexpr int kMillisecondsPerTick = 1000 / static_cast<int>(kern::kTicksPerSecond);
  if (!thread || invalid_policy(policy)) return KERN_INVALID_ARGUMENT;
  if (policy == POLICY_TIMESHARE) {
    kern::Scheduler::set_policy(*thread, kern::SchedPolicy::kTimeshare, kern::kQuantumTicks);
    return KERN_SUCCESS;
  }
  if (data < 0) return KERN_INVALID_ARGUMENT;
  if (!kern::ProcessorSet::the().fixed_priority_enabled) return KERN_FAILURE;
  const int ticks = (data + kMillisecondsPerTick - 1) / kMillisecondsPerTick;
  kern::Scheduler::set_policy(*thread, kern::SchedPolicy::kFixedPriority,
                              static_cast<uint32_t>(ticks));
  return KERN_SUCCESS;
}

kern_return_t thread_depress_abort(ThreadRef thread) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  kern::Scheduler::undepress(*thread);
  return KERN_SUCCESS;
}

kern_return_t thread_wire(HostPrivRef host, ThreadRef thread, boolean_t wired) {
  if (!host || !thread) return KERN_INVALID_ARGUMENT;
  thread->set_vm_privileged(wired);
  return KERN_SUCCESS;
}

}  // namespace rpc
