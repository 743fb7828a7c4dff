// Thread: a flow of control in a task (book chapter 6).
#pragma once

#include <cstdint>

#include "kernel/arch/context.h"
#include "kernel/ipc/kernel_port.h"
#include "kernel/ipc/right.h"
#include "kernel/ipc/thread_ipc.h"
#include "kernel/kern/live_count.h"
#include "kernel/kern/lock.h"
#include "kernel/kern/sched_state.h"
#include "kernel/kern/wait.h"
#include "libs/base/list.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace kern {

class Task;
class PcSampler;

// Ends the current thread; it never runs again.
[[noreturn]] void exit_current_thread();

// Reference rules: the task's thread list, the run and wait structures and the thread itself
// together hold one reference until the thread has left the processor for the last time; its
// kernel port holds none (it is disconnected at termination).
class Thread : public base::RefCounted<Thread>, public LiveCounted<Thread>, public Waiter {
 public:
  // What is to be done before user mode goes on.
  uint32_t ast = 0;

  // A user thread, stopped with suspend count 1, registers as the machine's initial state.
  // `before_user`, if given, is called by the thread (with it as argument) before user mode.
  // KERN_RESOURCE_SHORTAGE; KERN_INVALID_TASK when the task is being terminated.
  static base::Result<base::Ref<Thread>> create(Task& task,
                                                arch::ContextEntry before_user = nullptr);

  // A thread of the kernel task that runs function(argument) at once and ends when it returns.
  // `name` must be a literal.
  static base::Result<base::Ref<Thread>> create_kernel(const char* name, arch::ContextEntry function,
                                                       void* argument, int priority);

  // The flow of control that boot started, made a thread.
  static base::Result<base::Ref<Thread>> create_idle();

  [[nodiscard]] Task& task() const { return *task_; }
  [[nodiscard]] const char* name() const { return name_; }
  [[nodiscard]] bool active() const { return active_; }
  [[nodiscard]] bool is_kernel_thread() const { return kind_ == Kind::kKernel; }
  [[nodiscard]] uint32_t suspend_count() const { return suspend_count_; }

  // May take memory from the reserve when memory is short (thread_wire; kernel paging threads).
  [[nodiscard]] bool vm_privileged() const { return vm_privileged_; }
  void set_vm_privileged(bool privileged) { vm_privileged_ = privileged; }

  // thread_suspend / thread_resume. resume: KERN_FAILURE when the count is zero.
  base::Status suspend();
  base::Status resume();
  // thread_abort: interrupts message operations and page faults; the thread is at its user
  // boundary, or waits uninterruptibly, when this returns.
  void abort();
  // thread_terminate. The thread runs no more user code; its resources go when it has left the
  // kernel. A thread may terminate itself: it ends when it would return to user mode.
  void terminate();
  // The two parts of terminate() for another thread than the current one. The first does not let it
  // run. The second does, for a moment, if it has something to finish in the kernel; one that is
  // stopped at its user boundary, or has never run, has not, and is gone afterwards.
  void begin_termination();
  void finish_termination();

  // False: the thread itself or its task is suspended, or it has ended.
  [[nodiscard]] bool may_run_user() const;
  // Task suspension or the thread's own has changed: stops it at its user boundary, or lets it go.
  void update_runnability();
  // Parks the current thread, which is at its user boundary, until it may run user code or must
  // end.
  void stop_at_boundary();

  // thread_get/set_special_port. KERN_INVALID_ARGUMENT: no such port.
  base::Result<ipc::SendRight> get_special_port(int which);
  base::Status set_special_port(int which, ipc::SendRight right);

  // Names the thread to the kernel; self_port is what mach_thread_self returns.
  [[nodiscard]] ipc::Port* kernel_port() const { return kernel_port_.port(); }
  // A send right for the kernel port; null once it has ended, and for kernel threads.
  [[nodiscard]] ipc::SendRight make_send() const { return kernel_port_.make_send(); }
  ipc::SendRight self_port;
  ipc::SendRight exception_port;

  // Private data of other parts of the kernel.
  ipc::ThreadIpc ipc;
  arch::ThreadContext context;
  SchedState sched;
  Timer wait_timer;
  Timer depress_timer;
  base::Ref<PcSampler> sampler;

  base::ListLink task_link;  // Task::threads

  // For RefCounted: the last reference is gone; the kernel stack may still be the running one.
  void on_last_release();
  ~Thread();

 private:
  friend class Task;
  friend struct arch::EntryOffsets;
  enum class Kind : uint8_t { kUser, kKernel };
  Thread(Task& task, Kind kind);

  friend void exit_current_thread();
  // Dead from here on.
  void leave_task();
  ipc::SendRight* special_port(int which);
  base::Status init(arch::ContextEntry entry);
  static void user_entry(void* thread);
  static void kernel_entry(void* thread);

  base::Ref<Task> task_;
  const Kind kind_;
  const char* name_ = "";
  ipc::KernelPort kernel_port_;
  void* stack_ = nullptr;
  // What the thread runs first in the kernel; a kernel thread runs nothing else.
  arch::ContextEntry kernel_function_ = nullptr;
  void* kernel_argument_ = nullptr;
  uint32_t suspend_count_ = 0;
  bool active_ = true;
  bool vm_privileged_ = false;
};

namespace internal {
extern Thread* current;
}

// The thread that runs now, and its task.
inline Thread& current_thread() { return *internal::current; }
inline Task& current_task() { return current_thread().task(); }

}  // namespace kern
