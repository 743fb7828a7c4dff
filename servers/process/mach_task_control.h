// TaskControl on the Mach kernel.
#pragma once

#include "servers/process/task_control.h"

namespace process {

class MachTaskControl final : public TaskControl {
 public:
  void stop(Process& process) override;
  void resume(Process& process) override;
  void terminate(Process& process) override;
  std::optional<ThreadState> suspend_thread(Process& process) override;
  std::optional<ThreadState> faulted_state(Process& process) override;
  void set_thread_state(Process& process, const ThreadState& state) override;
  void abort_thread(Process& process) override;
  void resume_thread(Process& process) override;
  CpuTime cpu_time(const Process& process) override;

  // Virtual size of the task in bytes; 0 when it is gone.
  static uint32_t memory_bytes(const Process& process);
};

}  // namespace process
