// Calls on tasks (book chapter 7).
#include <mach/kern_return.h>
#include <mach/task_info.h>

#include <new>
#include <span>

#include "kernel/arch/context.h"
#include "kernel/kern/info.h"
#include "kernel/kern/scheduler.h"
#include "kernel/rpc/mach_server.h"
#include "kernel/rpc/mach_host_server.h"

namespace rpc {
namespace {

constexpr kern_return_t kBadTask = 0x8001;   // EML_BAD_TASK
constexpr kern_return_t kBadCount = 0x8002;  // EML_BAD_CNT

kern_return_t set_emulation(kern::Task& task, int start, std::span<const uint32_t> routines) {
  task.set_emulation(
      TRY_CODE(kern::EmulationVector::updated(task.emulation().get(), start, routines)));
  arch::update_trap_redirection(kern::current_task());
  return KERN_SUCCESS;
}

bool is_priority(int p) { return p >= 0 && p < kern::kPriorityCount; }

}  // namespace

kern_return_t task_create(TaskRef parent, boolean_t inherit_memory, TaskRef* child) {
  if (!parent) return KERN_INVALID_ARGUMENT;
  *child = TRY_CODE(kern::Task::create(*parent, inherit_memory ? kern::Task::Inherit::kMemory
                                                               : kern::Task::Inherit::kNothing));
  return KERN_SUCCESS;
}

kern_return_t task_terminate(TaskRef task) {
  return task ? task->terminate().code() : KERN_INVALID_ARGUMENT;
}

kern_return_t task_suspend(TaskRef task) {
  return task ? task->suspend().code() : KERN_INVALID_ARGUMENT;
}

kern_return_t task_resume(TaskRef task) {
  return task ? task->resume().code() : KERN_INVALID_ARGUMENT;
}

kern_return_t task_get_emulation_vector(TaskRef task, int* start, MapCopyPtr* vector,
                                        mach_msg_type_number_t* count) {
  if (!task) return kBadTask;
  const base::Ref<kern::EmulationVector> emulation = task->emulation();
  *start = emulation ? emulation->start() : 0;
  *count = emulation ? static_cast<uint32_t>(emulation->entries().size()) : 0;
  if (*count == 0) return KERN_SUCCESS;
  *vector = TRY_CODE(
      MapCopy::from_kernel(emulation->entries().data(), *count * sizeof(uint32_t)));
  return KERN_SUCCESS;
}

kern_return_t task_set_emulation_vector(TaskRef task, int start, MapCopyPtr vector,
                                        mach_msg_type_number_t count) {
  if (!task) return kBadTask;
  if (count > kern::EmulationVector::kMaxEntries) return kBadCount;
  if (count == 0) return KERN_SUCCESS;
  auto* routines = new (std::nothrow) uint32_t[count];
  if (routines == nullptr) return KERN_RESOURCE_SHORTAGE;
  kern_return_t result = vector->read(0, routines, count * sizeof(uint32_t)).code();
  if (result == KERN_SUCCESS) result = set_emulation(*task, start, {routines, count});
  delete[] routines;
  return result;
}

kern_return_t task_set_emulation(TaskRef task, vm_address_t routine, int number) {
  if (!task) return kBadTask;
  return set_emulation(*task, number, {&routine, 1});
}

kern_return_t task_threads(TaskRef task, mig::RightArray<SendRight>* list) {
  if (!task) return KERN_INVALID_ARGUMENT;
  if (!list->create(task->thread_count)) return KERN_RESOURCE_SHORTAGE;
  uint32_t i = 0;
  task->for_each_thread([&](kern::Thread& t) { list->set(i++, t.make_send()); });
  return KERN_SUCCESS;
}

kern_return_t task_info(TaskRef task, int flavor, integer_t* info, mach_msg_type_number_t* count) {
  if (!task) return KERN_INVALID_ARGUMENT;
  *count = TRY_CODE(kern::task_info(*task, flavor, {info, mig::kMostCounted}));
  return KERN_SUCCESS;
}

kern_return_t task_get_special_port(TaskRef task, int which, SendRight* port) {
  if (!task) return KERN_INVALID_ARGUMENT;
  *port = TRY_CODE(task->get_special_port(which));
  return KERN_SUCCESS;
}

kern_return_t task_set_special_port(TaskRef task, int which, SendRight port) {
  if (!task) return KERN_INVALID_ARGUMENT;
  return task->set_special_port(which, std::move(port)).code();
}

kern_return_t task_priority(TaskRef task, int priority, boolean_t change_threads) {
  if (!task || !is_priority(priority)) return KERN_INVALID_ARGUMENT;
  task->priority = static_cast<int8_t>(priority);
  if (!change_threads) return KERN_SUCCESS;
  kern_return_t result = KERN_SUCCESS;
  task->for_each_thread([&](kern::Thread& t) {
    if (priority < t.sched.max_priority) {
      result = KERN_FAILURE;
    } else {
      kern::Scheduler::set_base_priority(t, priority);
    }
  });
  return result;
}

}  // namespace rpc
