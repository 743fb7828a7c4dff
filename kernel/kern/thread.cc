#include "kernel/kern/thread.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <new>

#include "kernel/kern/assert.h"
#include "kernel/kern/attention.h"
#include "kernel/kern/host.h"
#include "kernel/kern/pc_sampler.h"
#include "kernel/kern/reaper.h"
#include "kernel/kern/scheduler.h"
#include "kernel/kern/task.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"

namespace kern {
namespace {

void wait_timed_out(void* thread) {
  wake(*static_cast<Thread*>(thread), WaitResult::kTimedOut);
}

void depression_over(void* thread) { Scheduler::undepress(*static_cast<Thread*>(thread)); }

}  // namespace

Thread::Thread(Task& task, Kind kind)
    : ipc(*this),
      wait_timer(wait_timed_out, this),
      depress_timer(depression_over, this),
      task_(&task),
      kind_(kind) {}

Thread::~Thread() {
  arch::destroy_context(context);
  if (stack_ != nullptr) vm::free_kernel_pages(stack_);
}

void Thread::on_last_release() {
  KASSERT(this != &current_thread());
  delete this;
}

base::Status Thread::init(arch::ContextEntry entry) {
  stack_ = vm::allocate_kernel_pages(arch::kKernelStackSize / arch::kPageSize);
  if (stack_ == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  arch::init_context(context, stack_, arch::kKernelStackSize, entry, this);
  return {};
}

// Kernel threads have no port: nobody outside can get hold of them.
base::Result<base::Ref<Thread>> Thread::create(Task& task, arch::ContextEntry before_user) {
  TRY(vm::wait_for_task_memory());
  base::Ref<Thread> t = base::adopt_ref(new (std::nothrow) Thread(task, Kind::kUser));
  if (!t) return base::Error(KERN_RESOURCE_SHORTAGE);
  TRY(t->init(user_entry));
  t->kernel_port_ = TRY(ipc::KernelPort::create(ipc::KObjectType::kThread, t.get()));
  if (!task.active()) return base::Error(KERN_INVALID_TASK);
  t->kernel_function_ = before_user;
  t->self_port = t->kernel_port_.make_send();
  t->suspend_count_ = 1;
  t->ast = ast::kSuspend;
  const int best = ProcessorSet::the().max_priority;
  t->sched.max_priority = static_cast<int8_t>(best);
  t->sched.base_priority = t->sched.priority =
      static_cast<int8_t>(std::max<int>(task.priority, best));
  task.thread_started(*t);
  return t;
}

base::Result<base::Ref<Thread>> Thread::create_kernel(const char* name,
                                                      arch::ContextEntry function, void* argument,
                                                      int priority) {
  base::Ref<Thread> t = base::adopt_ref(new (std::nothrow) Thread(Task::kernel(), Kind::kKernel));
  if (!t) return base::Error(KERN_RESOURCE_SHORTAGE);
  TRY(t->init(kernel_entry));
  t->name_ = name;
  t->kernel_function_ = function;
  t->kernel_argument_ = argument;
  t->sched.at_user_boundary = false;
  t->sched.max_priority = 0;
  t->sched.policy = SchedPolicy::kFixedPriority;
  t->sched.fixed_quantum_ticks = kQuantumTicks;
  t->sched.base_priority = t->sched.priority = static_cast<int8_t>(priority);
  Task::kernel().thread_started(*t);
  Scheduler::make_runnable(*t);
  return t;
}

base::Result<base::Ref<Thread>> Thread::create_idle() {
  base::Ref<Thread> t = base::adopt_ref(new (std::nothrow) Thread(Task::kernel(), Kind::kKernel));
  if (!t) return base::Error(KERN_RESOURCE_SHORTAGE);
  t->name_ = "idle";
  t->sched.at_user_boundary = false;
  return t;
}

void Thread::user_entry(void* thread) {
  auto& self = *static_cast<Thread*>(thread);
  self.sched.at_user_boundary = false;
  if (self.ast & ast::kTerminate) exit_current_thread();
  if (self.kernel_function_ != nullptr) self.kernel_function_(thread);
  if (self.ast != 0) handle_attention();
  arch::enter_user_mode();
}

void Thread::kernel_entry(void* thread) {
  auto& self = *static_cast<Thread*>(thread);
  self.kernel_function_(self.kernel_argument_);
  exit_current_thread();
}

void Thread::leave_task() {
  task().thread_ended(*this);
  stop_sampler(sampler);
  depress_timer.cancel();
  sched.run_state = RunState::kDead;
}

void exit_current_thread() {
  Thread& self = current_thread();
  self.leave_task();
  Reaper::take(self);
  Scheduler::switch_away();
  panic("a dead thread runs");
}

}  // namespace kern
