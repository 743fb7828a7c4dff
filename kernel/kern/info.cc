#include "kernel/kern/info.h"

#include <mach/host_info.h>
#include <mach/kern_return.h>
#include <mach/policy.h>
#include <mach/processor_info.h>
#include <mach/task_info.h>
#include <mach/thread_info.h>

#include "kernel/arch/phys.h"
#include "kernel/kern/clock.h"
#include "kernel/kern/host.h"
#include "kernel/kern/scheduler.h"

namespace kern {
namespace {

constexpr int kMillisecondsPerTick = 1000 / kTicksPerSecond;

InfoResult task_basic(Task& t, InfoWords out) {
  const task_basic_info info = {
      .suspend_count = static_cast<integer_t>(t.suspend_count()),
      .base_priority = t.priority,
      .virtual_size = t.map().virtual_size(),
      .resident_size = t.map().pmap().resident_pages() * arch::kPageSize,
      .user_time = ticks_to_time(t.dead_user_ticks),
      .system_time = ticks_to_time(t.dead_system_ticks),
  };
  return store_info(out, &info, sizeof info);
}

InfoResult task_events(Task& t, InfoWords out) {
  static_assert(sizeof(TaskEvents) == sizeof(task_events_info));
  TaskEvents events = t.events;
  t.for_each_thread([&events](const Thread& thread) {
    events.messages_sent += thread.ipc.messages_sent;
    events.messages_received += thread.ipc.messages_received;
  });
  return store_info(out, &events, sizeof events);
}

InfoResult task_times(Task& t, InfoWords out) {
  uint32_t user = 0, system = 0;
  t.for_each_thread([&](Thread& thread) {
    user += thread.sched.user_ticks;
    system += thread.sched.system_ticks;
  });
  const task_thread_times_info info = {.user_time = ticks_to_time(user),
                                       .system_time = ticks_to_time(system)};
  return store_info(out, &info, sizeof info);
}

int run_state(const Thread& t) {
  switch (t.sched.run_state) {
    case RunState::kWaiting:
      return t.sched.interruptible == Interruptible::kYes ? TH_STATE_WAITING
                                                          : TH_STATE_UNINTERRUPTIBLE;
    case RunState::kStopped: return TH_STATE_STOPPED;
    case RunState::kDead: return TH_STATE_HALTED;
    default: return t.may_run_user() || t.is_kernel_thread() ? TH_STATE_RUNNING : TH_STATE_STOPPED;
  }
}

// Decayed usage settles at usage = ticks a second / (1 - 5/8).
int cpu_usage(const Thread& t) {
  return static_cast<int>(t.sched.usage) * 3 / 8 * TH_USAGE_SCALE / static_cast<int>(kTicksPerSecond);
}

InfoResult thread_basic(const Thread& t, InfoWords out) {
  const bool waits = t.sched.run_state == RunState::kWaiting;
  const thread_basic_info info = {
      .user_time = ticks_to_time(t.sched.user_ticks),
      .system_time = ticks_to_time(t.sched.system_ticks),
      .cpu_usage = cpu_usage(t),
      .base_priority = t.sched.base_priority,
      .cur_priority = t.sched.priority,
      .run_state = run_state(t),
      .flags = Scheduler::is_idle(t) ? TH_FLAGS_IDLE : 0,
      .suspend_count = static_cast<integer_t>(t.suspend_count()),
      .sleep_time =
          waits ? static_cast<mach_long_t>(Scheduler::seconds() - t.sched.wait_began) : 0,
  };
  return store_info(out, &info, sizeof info);
}

InfoResult thread_sched(const Thread& t, InfoWords out) {
  const bool fixed = t.sched.policy == SchedPolicy::kFixedPriority;
  const thread_sched_info info = {
      .policy = fixed ? POLICY_FIXEDPRI : POLICY_TIMESHARE,
      .data = fixed ? static_cast<int>(t.sched.fixed_quantum_ticks) * kMillisecondsPerTick : 0,
      .base_priority = t.sched.base_priority,
      .max_priority = t.sched.max_priority,
      .cur_priority = t.sched.priority,
      .depressed = t.sched.depressed_from >= 0,
      .depress_priority = t.sched.depressed_from,
  };
  return store_info(out, &info, sizeof info);
}

InfoResult host_load(InfoWords out) {
  const LoadInfo load = load_info();
  host_load_info info;
  for (int i = 0; i < 3; ++i) {
    info.avenrun[i] = load.average[i];
    info.mach_factor[i] = load.mach_factor[i];
  }
  return store_info(out, &info, sizeof info);
}

}  // namespace

InfoResult store_info(InfoWords out, const void* info, size_t bytes) {
  const auto words = static_cast<uint32_t>(bytes / sizeof(integer_t));
  if (out.size() < words) return base::Error(KERN_INVALID_ARGUMENT);
  std::memcpy(out.data(), info, bytes);
  return words;
}

time_value_t ticks_to_time(uint32_t n) {
  return {static_cast<mach_long_t>(n / kTicksPerSecond),
          static_cast<mach_long_t>(n % kTicksPerSecond * kMicrosecondsPerTick)};
}

InfoResult task_info(Task& task, int flavor, InfoWords out) {
  switch (flavor) {
    case TASK_BASIC_INFO: return task_basic(task, out);
    case TASK_EVENTS_INFO: return task_events(task, out);
    case TASK_THREAD_TIMES_INFO: return task_times(task, out);
    default: return base::Error(KERN_INVALID_ARGUMENT);
  }
}

InfoResult thread_info(Thread& thread, int flavor, InfoWords out) {
  switch (flavor) {
    case THREAD_BASIC_INFO: return thread_basic(thread, out);
    case THREAD_SCHED_INFO: return thread_sched(thread, out);
    default: return base::Error(KERN_INVALID_ARGUMENT);
  }
}

InfoResult host_info(int flavor, InfoWords out) {
  switch (flavor) {
    case HOST_BASIC_INFO: {
      const host_basic_info info = {.max_cpus = 1,
                                    .avail_cpus = 1,
                                    .memory_size = arch::memory_size(),
                                    .cpu_type = CPU_TYPE_I386,
                                    .cpu_subtype = CPU_SUBTYPE_AT386};
      return store_info(out, &info, sizeof info);
    }
    case HOST_PROCESSOR_SLOTS: {
      const integer_t slot = 0;
      return store_info(out, &slot, sizeof slot);
    }
    case HOST_SCHED_INFO: {
      const host_sched_info info = {.min_timeout = kMillisecondsPerTick,
                                    .min_quantum = kMillisecondsPerTick};
      return store_info(out, &info, sizeof info);
    }
    case HOST_LOAD_INFO: return host_load(out);
    default: return base::Error(KERN_INVALID_ARGUMENT);
  }
}

InfoResult processor_info(int flavor, InfoWords out) {
  if (flavor != PROCESSOR_BASIC_INFO) return base::Error(KERN_INVALID_ARGUMENT);
  const processor_basic_info info = {.cpu_type = CPU_TYPE_I386,
                                     .cpu_subtype = CPU_SUBTYPE_AT386,
                                     .running = TRUE,
                                     .slot_num = 0,
                                     .is_master = TRUE};
  return store_info(out, &info, sizeof info);
}

InfoResult processor_set_info(int flavor, InfoWords out) {
  const ProcessorSet& set = ProcessorSet::the();
  switch (flavor) {
    case PROCESSOR_SET_BASIC_INFO: {
      const LoadInfo load = load_info();
      processor_set_basic_info info = {.processor_count = 1,
                                       .task_count = 0,
                                       .thread_count = 0,
                                       .load_average = load.average[0],
                                       .mach_factor = load.mach_factor[0]};
      for (Task& t : all_tasks()) {
        ++info.task_count;
        info.thread_count += static_cast<int>(t.thread_count);
      }
      return store_info(out, &info, sizeof info);
    }
    case PROCESSOR_SET_SCHED_INFO: {
      const processor_set_sched_info info = {
          .policies = POLICY_TIMESHARE | (set.fixed_priority_enabled ? POLICY_FIXEDPRI : 0),
          .max_priority = set.max_priority};
      return store_info(out, &info, sizeof info);
    }
    default: return base::Error(KERN_INVALID_ARGUMENT);
  }
}

}  // namespace kern
