#include "kernel/kern/task.h"

#include <mach/kern_return.h>

#include <new>

#include "kernel/kern/assert.h"
#include "kernel/kern/pc_sampler.h"
#include "kernel/kern/scheduler.h"
#include "kernel/vm/memory_pressure.h"

namespace kern {
namespace {

TaskList tasks;

}  // namespace

TaskList& all_tasks() { return tasks; }

Task::Task() = default;

Task::~Task() {
  KASSERT(threads.empty());
  all_link.unlink();
}

Task& Task::kernel() {
  static Task* const task = [] {
    auto* t = new (std::nothrow) Task;
    if (t == nullptr) panic("no memory for the kernel task");
    t->map_ = base::Ref<vm::Map>(&vm::kernel_map());
    t->priority = kPrioritySystem;
    return t;
  }();
  return *task;
}

base::Result<base::Ref<Task>> Task::create(Task& parent, Inherit inherit) {
  TRY(vm::wait_for_task_memory());
  base::Ref<Task> t = base::adopt_ref(new (std::nothrow) Task);
  if (!t) return base::Error(KERN_RESOURCE_SHORTAGE);
  TRY(t->init(parent, inherit));
  if (!parent.active()) {
    t->map_->terminate();
    return base::Error(KERN_INVALID_TASK);
  }
  t->inherit_from(parent);
  t->retain();  // released by terminate()
  tasks.push_back(t.get());
  return t;
}

base::Status Task::init(Task& parent, Inherit inherit) {
  kernel_port_ = TRY(ipc::KernelPort::create(ipc::KObjectType::kTask, this));
  space_ = TRY(ipc::Space::create());
  if (parent.sampler) sampler = TRY(parent.sampler->sibling());
  const bool copy_memory = inherit == Inherit::kMemory;
  map_ = TRY(copy_memory ? parent.map().fork() : vm::Map::create());
  return {};
}

void Task::inherit_from(Task& parent) {
  self_port = kernel_port_.make_send();
  exception_port = ipc::copy_send(parent.exception_port);
  bootstrap_port = ipc::copy_send(parent.bootstrap_port);
  for (unsigned i = 0; i < kRegisteredPortMax; ++i) {
    registered_ports[i] = ipc::copy_send(parent.registered_ports[i]);
  }
  set_emulation(parent.emulation_);
  if (&parent != &kernel()) priority = parent.priority;
}

void Task::thread_started(Thread& t) {
  threads.push_back(&t);
  ++thread_count;
  t.retain();  // released by the reaper
}

void Task::thread_ended(Thread& t) {
  threads.remove(&t);
  --thread_count;
  events.messages_sent += t.ipc.messages_sent;
  events.messages_received += t.ipc.messages_received;
  dead_user_ticks += t.sched.user_ticks;
  dead_system_ticks += t.sched.system_ticks;
  if (thread_count == 0 && !active_) release_resources();
}

base::Status Task::suspend() {
  if (suspend_count_ == UINT32_MAX) return base::Error(KERN_FAILURE);
  if (suspend_count_++ == 0) for_each_thread([](Thread& t) { t.update_runnability(); });
  return {};
}

base::Status Task::resume() {
  if (suspend_count_ == 0) return base::Error(KERN_FAILURE);
  if (--suspend_count_ == 0) for_each_thread([](Thread& t) { t.update_runnability(); });
  return {};
}

base::Status Task::terminate() {
  if (!active_ || this == &kernel()) return base::Error(KERN_FAILURE);
  if (is_bootstrap) panic("the bootstrap task has ended");
  const base::Ref<Task> keep(this);
  active_ = false;
  kernel_port_.destroy();
  for_each_thread([](Thread& t) { t.begin_termination(); });
  run_ending_threads();
  if (thread_count == 0) release_resources();
  release();
  return {};
}

// Ends every thread of a terminated task that does not wait in the kernel, and gives each that is
// runnable the processor once. Those that block again end when their wait does.
void Task::run_ending_threads() {
  for (uint32_t budget = thread_count; budget > 0; --budget) {
    Thread* ending = nullptr;
    for_each_thread([&](Thread& t) {
      const bool waits = t.sched.run_state == RunState::kWaiting;
      if (&t != &current_thread() && !waits) ending = &t;
    });
    if (ending == nullptr) return;
    ending->finish_termination();
  }
}

// After the last thread: nobody uses the address space or names any more.
void Task::release_resources() {
  if (resources_released_) return;
  resources_released_ = true;
  self_port.reset();
  exception_port.reset();
  bootstrap_port.reset();
  for (ipc::SendRight& port : registered_ports) port.reset();
  set_emulation(nullptr);
  stop_sampler(sampler);
  space_->terminate();
  map_->terminate();
}

}  // namespace kern
