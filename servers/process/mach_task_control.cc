#include "servers/process/mach_task_control.h"

#include <mach.h>

namespace process {

void MachTaskControl::stop(Process& process) { task_suspend(process.task); }
void MachTaskControl::resume(Process& process) { task_resume(process.task); }
void MachTaskControl::terminate(Process& process) { task_terminate(process.task); }

// The flavor with segment registers: the thread's %fs and %gs must come through unchanged.
std::optional<ThreadState> MachTaskControl::suspend_thread(Process& process) {
  if (thread_suspend(process.thread) != KERN_SUCCESS) return std::nullopt;
  auto state = faulted_state(process);
  if (!state) thread_resume(process.thread);
  return state;
}

std::optional<ThreadState> MachTaskControl::faulted_state(Process& process) {
  ThreadState state;
  mach_msg_type_number_t count = i386_REGS_SEGS_STATE_COUNT;
  const kern_return_t kr = thread_get_state(process.thread, i386_REGS_SEGS_STATE,
                                            reinterpret_cast<thread_state_t>(&state), &count);
  return kr == KERN_SUCCESS ? std::optional(state) : std::nullopt;
}

void MachTaskControl::set_thread_state(Process& process, const ThreadState& state) {
  ThreadState copy = state;
  thread_set_state(process.thread, i386_REGS_SEGS_STATE, reinterpret_cast<thread_state_t>(&copy),
                   i386_REGS_SEGS_STATE_COUNT);
}

void MachTaskControl::abort_thread(Process& process) { thread_abort(process.thread); }
void MachTaskControl::resume_thread(Process& process) { thread_resume(process.thread); }

CpuTime MachTaskControl::cpu_time(const Process& process) {
  const auto microseconds = [](const time_value_t& t) {
    return static_cast<int64_t>(t.seconds) * 1000000 + t.microseconds;
  };
  CpuTime used;
  task_basic_info basic{};
  mach_msg_type_number_t count = TASK_BASIC_INFO_COUNT;
  if (task_info(process.task, TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&basic), &count) ==
      KERN_SUCCESS) {
    used += {microseconds(basic.user_time), microseconds(basic.system_time)};
  }
  task_thread_times_info threads{};
  count = TASK_THREAD_TIMES_INFO_COUNT;
  if (task_info(process.task, TASK_THREAD_TIMES_INFO, reinterpret_cast<task_info_t>(&threads),
                &count) == KERN_SUCCESS) {
    used += {microseconds(threads.user_time), microseconds(threads.system_time)};
  }
  return used;
}

uint32_t MachTaskControl::memory_bytes(const Process& process) {
  task_basic_info basic{};
  mach_msg_type_number_t count = TASK_BASIC_INFO_COUNT;
  const kern_return_t kr = task_info(process.task, TASK_BASIC_INFO,
                                     reinterpret_cast<task_info_t>(&basic), &count);
  return kr == KERN_SUCCESS ? basic.virtual_size : 0;
}

}  // namespace process
