// Task: an address space, a port space and threads (book chapter 7).
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "kernel/ipc/kernel_port.h"
#include "kernel/ipc/right.h"
#include "kernel/ipc/space.h"
#include "kernel/kern/emulation_vector.h"
#include "kernel/kern/live_count.h"
#include "kernel/kern/lock.h"
#include "kernel/kern/thread.h"
#include "kernel/vm/map.h"
#include "libs/base/list.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace kern {

inline constexpr unsigned kRegisteredPortMax = 4;

// Counters of TASK_EVENTS_INFO; the vm parts count into the current task. Messages are counted by
// thread (ThreadIpc) and come here when it ends.
struct TaskEvents {
  uint32_t faults = 0;
  uint32_t zero_fills = 0;
  uint32_t reactivations = 0;
  uint32_t pageins = 0;
  uint32_t cow_faults = 0;
  uint32_t messages_sent = 0;
  uint32_t messages_received = 0;
};

// Reference rules: a task that has not been terminated holds a reference to itself, so it lives
// without threads; its threads hold references. Its kernel port holds none.
class Task : public base::RefCounted<Task>, public LiveCounted<Task> {
 public:
  enum class Inherit : uint8_t { kNothing, kMemory };

  // A task without threads. From the parent it gets: bootstrap and exception port, registered
  // ports, emulation vector, priority, PC sampling, and a copy of the memory if asked.
  // KERN_RESOURCE_SHORTAGE; KERN_INVALID_TASK when the parent is being terminated.
  static base::Result<base::Ref<Task>> create(Task& parent, Inherit inherit);

  // The task of kernel threads: no ports, the kernel's map.
  static Task& kernel();

  [[nodiscard]] vm::Map& map() const { return *map_; }
  [[nodiscard]] ipc::Space& space() const { return *space_; }
  [[nodiscard]] bool active() const { return active_; }
  // Terminated, and its memory and names are gone.
  [[nodiscard]] bool ended() const { return resources_released_; }
  [[nodiscard]] uint32_t suspend_count() const { return suspend_count_; }
  [[nodiscard]] ipc::Port* kernel_port() const { return kernel_port_.port(); }
  // A send right for the kernel port; null once terminated.
  [[nodiscard]] ipc::SendRight make_send() const { return kernel_port_.make_send(); }

  base::Status suspend();
  base::Status resume();
  // Ends all threads (the calling one when it would return to user mode) and frees memory and
  // port rights. KERN_FAILURE when already terminated.
  base::Status terminate();

  // task_get/set_special_port. KERN_INVALID_ARGUMENT: no such port.
  base::Result<ipc::SendRight> get_special_port(int which);
  base::Status set_special_port(int which, ipc::SendRight right);

  // Shows every thread to `visit`, which may neither block nor end one.
  template <typename F>
  void for_each_thread(F visit) {
    for (Thread& t : threads) visit(t);
  }

  Lock lock{LockRank::kTask};
  base::List<Thread, &Thread::task_link> threads GUARDED_BY(lock);
  uint32_t thread_count GUARDED_BY(lock) = 0;

  // Special ports. self_port is what mach_task_self returns.
  ipc::SendRight self_port GUARDED_BY(lock);
  ipc::SendRight exception_port GUARDED_BY(lock);
  ipc::SendRight bootstrap_port GUARDED_BY(lock);
  std::array<ipc::SendRight, kRegisteredPortMax> registered_ports GUARDED_BY(lock);

  // Where mach_task_self found self_port's name last time: a slot of the space's table, which
  // stays while the space does. Checked at each use.
  ipc::Entry* self_entry = nullptr;

  // System call redirection; null: none. After setting that of the current task call
  // arch::update_trap_redirection().
  [[nodiscard]] const base::Ref<EmulationVector>& emulation() const { return emulation_; }
  void set_emulation(base::Ref<EmulationVector> emulation) {
    emulation_ = std::move(emulation);
    redirects_traps_ = emulation_ && emulation_->redirects_traps();
  }
  [[nodiscard]] uint32_t redirects_traps() const { return redirects_traps_; }

  // The bootstrap task: the system is nothing without it, so its end is a panic.
  bool is_bootstrap = false;

  int8_t priority = kPriorityUserBase;  // of new threads
  TaskEvents events;
  // Times of threads that have ended, in clock ticks.
  uint32_t dead_user_ticks = 0;
  uint32_t dead_system_ticks = 0;
  base::Ref<PcSampler> sampler;

  base::ListLink all_link;  // all_tasks()

  ~Task();

 private:
  friend class Thread;
  friend struct arch::EntryOffsets;
  friend void exit_current_thread();
  Task();
  ipc::SendRight* special_port(int which);
  base::Status init(Task& parent, Inherit inherit);
  void inherit_from(Task& parent);
  void thread_started(Thread& t);
  void thread_ended(Thread& t);
  void run_ending_threads();
  void release_resources();

  base::Ref<vm::Map> map_;
  base::Ref<ipc::Space> space_;
  ipc::KernelPort kernel_port_;
  base::Ref<EmulationVector> emulation_;
  uint32_t redirects_traps_ = false;
  uint32_t suspend_count_ = 0;
  bool active_ = true;
  bool resources_released_ = false;
};

using TaskList = base::List<Task, &Task::all_link>;
TaskList& all_tasks();

}  // namespace kern
