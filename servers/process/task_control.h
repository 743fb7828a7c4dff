// TaskControl: what the server does to the tasks of processes. An interface, so that the rules can
// be tested without a kernel.
#pragma once

#include <optional>

#include <mach/thread_status.h>

#include "libs/base/result.h"
#include "servers/process/process.h"

namespace process {

using ThreadState = i386_thread_state;

class TaskControl {
 public:
  virtual ~TaskControl() = default;

  // Job control: the whole task.
  virtual void stop(Process& process) = 0;
  virtual void resume(Process& process) = 0;
  virtual void terminate(Process& process) = 0;

  // The first thread, held still between the two calls. Empty: it is gone.
  virtual std::optional<ThreadState> suspend_thread(Process& process) = 0;
  // The same of a thread that stopped in an exception, until that is answered: it need not be held.
  virtual std::optional<ThreadState> faulted_state(Process& process) = 0;
  virtual void set_thread_state(Process& process, const ThreadState& state) = 0;
  // Ends an interruptible wait in the kernel, or a fault being served.
  virtual void abort_thread(Process& process) = 0;
  virtual void resume_thread(Process& process) = 0;

  virtual CpuTime cpu_time(const Process& process) = 0;
};

}  // namespace process
