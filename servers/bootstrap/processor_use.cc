#include "servers/bootstrap/processor_use.h"

#include <mach.h>
#include <mach/mach_host.h>
#include <mach/policy.h>
#include <mach/task_info.h>

namespace bootstrap {
namespace {

constexpr int kQuantum = 100;  // milliseconds: as long as with timesharing

uint64_t microseconds(const time_value_t& time) {
  return static_cast<uint64_t>(time.seconds) * 1'000'000 + static_cast<uint64_t>(time.microseconds);
}

}  // namespace

void use_own_priority() {
  (void)task_priority(mach_task_self(), kOwnPriority, TRUE);
  const mach_port_t self = mach_thread_self();
  set_policy(self, Policy::kFixed);
  (void)mach_port_deallocate(mach_task_self(), self);
}

kern_return_t use_server_priority(task_t task) { return task_priority(task, kServerPriority, FALSE); }

void set_policy(thread_t thread, Policy policy) {
  const bool fixed = policy == Policy::kFixed;
  (void)thread_policy(thread, fixed ? POLICY_FIXEDPRI : POLICY_TIMESHARE, fixed ? kQuantum : 0);
}

void set_policy_of_all(task_t task, Policy policy) {
  thread_array_t threads = nullptr;
  mach_msg_type_number_t count = 0;
  if (task_threads(task, &threads, &count) != KERN_SUCCESS) return;
  for (mach_msg_type_number_t i = 0; i < count; ++i) {
    set_policy(threads[i], policy);
    (void)mach_port_deallocate(mach_task_self(), threads[i]);
  }
  (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(threads), count * sizeof *threads);
}

uint64_t processor_time(task_t task) {
  task_basic_info ended;
  task_thread_times_info running;
  mach_msg_type_number_t count = TASK_BASIC_INFO_COUNT;
  kern_return_t kr = task_info(task, TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&ended), &count);
  if (kr != KERN_SUCCESS) return 0;
  count = TASK_THREAD_TIMES_INFO_COUNT;
  kr = task_info(task, TASK_THREAD_TIMES_INFO, reinterpret_cast<task_info_t>(&running), &count);
  if (kr != KERN_SUCCESS) return 0;
  return microseconds(ended.user_time) + microseconds(ended.system_time) + microseconds(running.user_time) +
         microseconds(running.system_time);
}

}  // namespace bootstrap
