// Calls on the processor and its set (book chapter 9). There is one of each: the default set can
// neither be destroyed nor joined by others, and assignments to it have nothing to do.
#include <mach/kern_return.h>
#include <mach/policy.h>
#include <mach/processor_info.h>

#include "kernel/kern/host.h"
#include "kernel/kern/info.h"
#include "kernel/kern/scheduler.h"
#include "kernel/rpc/mach_host_server.h"

namespace rpc {
namespace {

bool is_priority(int p) { return p >= 0 && p < kern::kPriorityCount; }

kern_return_t give_one(mig::RightArray<SendRight>* list, SendRight right) {
  if (!list->create(1)) return KERN_RESOURCE_SHORTAGE;
  list->set(0, std::move(right));
  return KERN_SUCCESS;
}

template <typename F>
void for_every_thread(F visit) {
  for (kern::Task& task : kern::all_tasks()) task.for_each_thread(visit);
}

}  // namespace

kern_return_t host_processors(HostPrivRef host, mig::RightArray<SendRight>* list) {
  return host ? give_one(list, kern::Host::processor_port()) : KERN_INVALID_ARGUMENT;
}

// The only processor always runs.
kern_return_t processor_start(ProcessorRef p) { return p ? KERN_FAILURE : KERN_INVALID_ARGUMENT; }
kern_return_t processor_exit(ProcessorRef p) { return p ? KERN_FAILURE : KERN_INVALID_ARGUMENT; }
kern_return_t processor_control(ProcessorRef p, const integer_t*, mach_msg_type_number_t) {
  return p ? KERN_FAILURE : KERN_INVALID_ARGUMENT;
}

kern_return_t processor_info(ProcessorRef processor, int flavor, HostRef* host, integer_t* info,
                             mach_msg_type_number_t* count) {
  if (!processor) return KERN_INVALID_ARGUMENT;
  *count = TRY_CODE(kern::processor_info(flavor, {info, mig::kMostCounted}));
  host->named = true;
  return KERN_SUCCESS;
}

kern_return_t processor_assign(ProcessorRef processor, ProcessorSetRef set, boolean_t) {
  return processor && set ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

kern_return_t processor_get_assignment(ProcessorRef processor, ProcessorSetRef* set) {
  if (!processor) return KERN_INVALID_ARGUMENT;
  set->named = true;
  return KERN_SUCCESS;
}

kern_return_t processor_set_default(HostRef host, ProcessorSetRef* set) {
  if (!host) return KERN_INVALID_ARGUMENT;
  set->named = true;
  return KERN_SUCCESS;
}

kern_return_t processor_set_create(HostRef host, ProcessorSetRef*, ProcessorSetRef*) {
  return host ? KERN_FAILURE : KERN_INVALID_ARGUMENT;
}

kern_return_t processor_set_destroy(ProcessorSetRef set) {
  return set ? KERN_FAILURE : KERN_INVALID_ARGUMENT;
}

kern_return_t processor_set_info(ProcessorSetRef set, int flavor, HostRef* host, integer_t* info,
                                 mach_msg_type_number_t* count) {
  if (!set) return KERN_INVALID_ARGUMENT;
  *count = TRY_CODE(kern::processor_set_info(flavor, {info, mig::kMostCounted}));
  host->named = true;
  return KERN_SUCCESS;
}

kern_return_t processor_set_max_priority(ProcessorSetRef set, int priority,
                                         boolean_t change_threads) {
  if (!set || !is_priority(priority)) return KERN_INVALID_ARGUMENT;
  kern::ProcessorSet::the().max_priority = priority;
  if (!change_threads) return KERN_SUCCESS;
  for_every_thread([priority](kern::Thread& t) {
    if (t.sched.max_priority >= priority) return;
    t.sched.max_priority = static_cast<int8_t>(priority);
    if (t.sched.base_priority < priority) kern::Scheduler::set_base_priority(t, priority);
  });
  return KERN_SUCCESS;
}

kern_return_t processor_set_policy_enable(ProcessorSetRef set, int policy) {
  if (!set || invalid_policy(policy)) return KERN_INVALID_ARGUMENT;
  if (policy == POLICY_FIXEDPRI) kern::ProcessorSet::the().fixed_priority_enabled = true;
  return KERN_SUCCESS;
}

kern_return_t processor_set_policy_disable(ProcessorSetRef set, int policy,
                                           boolean_t change_threads) {
  if (!set || policy == POLICY_TIMESHARE || invalid_policy(policy)) return KERN_INVALID_ARGUMENT;
  kern::ProcessorSet::the().fixed_priority_enabled = false;
  if (!change_threads) return KERN_SUCCESS;
  for_every_thread([](kern::Thread& t) {
    kern::Scheduler::set_policy(t, kern::SchedPolicy::kTimeshare, kern::kQuantumTicks);
  });
  return KERN_SUCCESS;
}

kern_return_t processor_set_tasks(ProcessorSetRef set, mig::RightArray<SendRight>* list) {
  if (!set) return KERN_INVALID_ARGUMENT;
  uint32_t count = 0;
  for ([[maybe_unused]] kern::Task& t : kern::all_tasks()) ++count;
  if (!list->create(count)) return KERN_RESOURCE_SHORTAGE;
  uint32_t i = 0;
  for (kern::Task& t : kern::all_tasks()) list->set(i++, t.make_send());
  return KERN_SUCCESS;
}

kern_return_t processor_set_threads(ProcessorSetRef set, mig::RightArray<SendRight>* list) {
  if (!set) return KERN_INVALID_ARGUMENT;
  uint32_t count = 0;
  for (kern::Task& t : kern::all_tasks()) count += t.thread_count;
  if (!list->create(count)) return KERN_RESOURCE_SHORTAGE;
  uint32_t i = 0;
  for_every_thread([&](kern::Thread& t) { list->set(i++, t.make_send()); });
  return KERN_SUCCESS;
}

kern_return_t host_processor_sets(HostRef host, mig::RightArray<SendRight>* list) {
  return host ? give_one(list, kern::Host::processor_set_name_port()) : KERN_INVALID_ARGUMENT;
}

kern_return_t host_processor_set_priv(HostPrivRef host, ProcessorSetRef name,
                                      ProcessorSetRef* set) {
  if (!host || !name) return KERN_INVALID_ARGUMENT;
  set->named = true;
  return KERN_SUCCESS;
}

kern_return_t thread_assign(ThreadRef thread, ProcessorSetRef set) {
  return thread && set ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

kern_return_t thread_assign_default(ThreadRef thread) {
  return thread ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

kern_return_t thread_get_assignment(ThreadRef thread, ProcessorSetRef* set) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  set->named = true;
  return KERN_SUCCESS;
}

kern_return_t task_assign(TaskRef task, ProcessorSetRef set, boolean_t) {
  return task && set ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

kern_return_t task_assign_default(TaskRef task, boolean_t) {
  return task ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

kern_return_t task_get_assignment(TaskRef task, ProcessorSetRef* set) {
  if (!task) return KERN_INVALID_ARGUMENT;
  set->named = true;
  return KERN_SUCCESS;
}

}  // namespace rpc
