#include "kernel/traps/traps.h"

#include <mach/message.h>
#include <mach/thread_switch.h>

#include "kernel/ipc/entry.h"
#include "kernel/kern/event_count.h"
#include "kernel/kern/host.h"
#include "kernel/kern/scheduler.h"
#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/rpc/convert.h"
#include "kernel/vm/transfer.h"

namespace traps {
namespace {

using kern::Deadline;
using kern::UserPtr;

mach_port_t give_to_caller(ipc::SendRight right) {
  auto name = kern::current_task().space().copyout(std::move(right));
  return name.ok() ? *name : MACH_PORT_NULL;
}

// The short way for a port the caller holds a send right for already: one more user reference.
mach_port_t known_name(ipc::Port* port) {
  if (port == nullptr) return MACH_PORT_NULL;
  ipc::Entry* entry = kern::current_task().space().find_port(*port);
  if (entry == nullptr || !entry->has(ipc::kSendBit) || entry->urefs == MACH_PORT_UREFS_MAX ||
      !port->active()) {
    return MACH_PORT_NULL;
  }
  ++entry->urefs;
  return entry->name;
}

mach_port_t name_for_caller(const ipc::SendRight& right) {
  const mach_port_t name = known_name(right.port());
  return name != MACH_PORT_NULL ? name : give_to_caller(ipc::copy_send(right));
}

mach_port_t slow_task_self(kern::Task& task) {
  const mach_port_t name = name_for_caller(task.self_port);
  task.self_entry = task.space().names().find(name);
  return name;
}

// Not the name of a suitable kernel port: the caller is to use a message.
constexpr kern_return_t kUseMessage = MACH_SEND_INTERRUPTED;

// How long swtch_pri() stays at the lowest priority at most.
constexpr uint32_t kDepressMilliseconds = 10;

bool others_ready() { return kern::Scheduler::runnable_count() > 1; }

}  // namespace

mach_port_t mach_thread_self() { return name_for_caller(kern::current_thread().self_port); }

mach_port_t mach_task_self() {
  kern::Task& task = kern::current_task();
  ipc::Entry* entry = task.self_entry;
  if (entry != nullptr && entry->object == task.self_port.word() && entry->has(ipc::kSendBit) &&
      entry->urefs != MACH_PORT_UREFS_MAX) [[likely]] {
    ++entry->urefs;
    return entry->name;
  }
  return slow_task_self(task);
}

mach_port_t mach_host_self() {
  static const ipc::SendRight host = kern::Host::name_port();
  return name_for_caller(host);
}

boolean_t swtch_pri(int) {
  if (!others_ready()) return FALSE;
  kern::Thread& self = kern::current_thread();
  kern::Scheduler::depress(self, Deadline::after_ms(kDepressMilliseconds));
  kern::Scheduler::yield();
  kern::Scheduler::undepress(self);
  return others_ready();
}

boolean_t swtch() {
  if (!others_ready()) return FALSE;
  kern::Scheduler::yield();
  return others_ready();
}

kern_return_t thread_switch(mach_port_t name, int option, uint32_t milliseconds) {
  kern::Thread& self = kern::current_thread();
  const base::Ref<kern::Thread> hint = rpc::name_to_thread(name);
  switch (option) {
    case SWITCH_OPTION_NONE: break;
    case SWITCH_OPTION_DEPRESS:
      kern::Scheduler::depress(self, Deadline::after_ms(milliseconds));
      break;
    case SWITCH_OPTION_WAIT: {
      const Deadline deadline = Deadline::after_ms(milliseconds);
      kern::prepare_wait(kern::Interruptible::kYes);
      if (hint && hint->sched.run_state == kern::RunState::kRunnable) {
        // The hint first; it gives the processor back by the ordinary rules.
        kern::Scheduler::run_now(*hint);
      }
      kern::block(deadline);
      return KERN_SUCCESS;
    }
    default: return KERN_INVALID_ARGUMENT;
  }
  if (hint && hint.get() != &self && hint->sched.run_state == kern::RunState::kRunnable) {
    kern::Scheduler::run_now(*hint);
  } else {
    kern::Scheduler::yield();
  }
  if (option == SWITCH_OPTION_DEPRESS) kern::Scheduler::undepress(self);
  return KERN_SUCCESS;
}

kern_return_t evc_wait(uint32_t event) {
  kern::EventCount* e = kern::EventCount::find(event);
  return e ? e->wait().code() : KERN_INVALID_ARGUMENT;
}

kern_return_t evc_wait_clear(uint32_t event) {
  kern::EventCount* e = kern::EventCount::find(event);
  return e ? e->wait_clear().code() : KERN_INVALID_ARGUMENT;
}

// Memory objects have ports: only zero-filled memory is mapped here.
kern_return_t vm_map(mach_port_t task_name, uint32_t address, uint32_t size, uint32_t mask,
                     boolean_t anywhere, mach_port_t object, uint32_t, boolean_t, int protection,
                     int max_protection, int inheritance) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  if (!task || object != MACH_PORT_NULL) return kUseMessage;
  const UserPtr<uint32_t> where{address};
  vm::MapRequest request;
  TRY_CODE(where.copy_in(request.address));
  request.size = size;
  request.mask = mask;
  request.placement = anywhere ? vm::Placement::kAnywhere : vm::Placement::kFixed;
  request.protection = protection;
  request.max_protection = max_protection;
  request.inheritance = static_cast<vm_inherit_t>(inheritance);
  return where.copy_out(TRY_CODE(task->map().map(std::move(request)))).code();
}

kern_return_t vm_allocate(mach_port_t task_name, uint32_t address, uint32_t size,
                          boolean_t anywhere) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  if (!task) return kUseMessage;
  const UserPtr<uint32_t> where{address};
  uint32_t at = 0;
  if (!anywhere) TRY_CODE(where.copy_in(at));
  at = TRY_CODE(task->map().allocate(
      at, size, anywhere ? vm::Placement::kAnywhere : vm::Placement::kFixed));
  return where.copy_out(at).code();
}

kern_return_t vm_deallocate(mach_port_t task_name, uint32_t address, uint32_t size) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  return task ? task->map().deallocate(address, size).code() : kUseMessage;
}

kern_return_t vm_read_overwrite(mach_port_t task_name, uint32_t address, uint32_t size, uint32_t data) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  return task ? vm::copy_to_caller(task->map(), address, size, data) : kUseMessage;
}

kern_return_t vm_write(mach_port_t task_name, uint32_t address, uint32_t data, uint32_t size) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  return task ? vm::copy_from_caller(task->map(), address, size, data) : kUseMessage;
}

kern_return_t task_create(mach_port_t parent_name, boolean_t inherit, uint32_t child) {
  const base::Ref<kern::Task> parent = rpc::name_to_task(parent_name);
  if (!parent) return kUseMessage;
  const base::Ref<kern::Task> task = TRY_CODE(kern::Task::create(
      *parent, inherit ? kern::Task::Inherit::kMemory : kern::Task::Inherit::kNothing));
  const mach_port_t name = give_to_caller(task->make_send());
  const auto copied = UserPtr<mach_port_t>{child}.copy_out(name);
  if (name != MACH_PORT_NULL && copied.ok()) return KERN_SUCCESS;
  (void)task->terminate();
  return copied.ok() ? KERN_RESOURCE_SHORTAGE : copied.code();
}

kern_return_t task_terminate(mach_port_t task_name) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  return task ? task->terminate().code() : kUseMessage;
}

kern_return_t task_suspend(mach_port_t task_name) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  return task ? task->suspend().code() : kUseMessage;
}

kern_return_t task_set_special_port(mach_port_t task_name, int which, mach_port_t port) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  if (!task) return kUseMessage;
  ipc::SendRight right;
  if (port != MACH_PORT_NULL) {
    ipc::AnyRight any =
        TRY_CODE(kern::current_task().space().copyin(port, MACH_MSG_TYPE_COPY_SEND));
    right = any.take_send();
  }
  return task->set_special_port(which, std::move(right)).code();
}

kern_return_t mach_port_allocate(mach_port_t task_name, mach_port_right_t right, uint32_t name) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  if (!task) return kUseMessage;
  const mach_port_t fresh = TRY_CODE(task->space().allocate_right(right));
  const auto copied = UserPtr<mach_port_t>{name}.copy_out(fresh);
  if (!copied.ok()) (void)task->space().destroy(fresh);
  return copied.code();
}

kern_return_t mach_port_deallocate(mach_port_t task_name, mach_port_t name) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  return task ? task->space().deallocate(name).code() : kUseMessage;
}

kern_return_t mach_port_insert_right(mach_port_t task_name, mach_port_t name, mach_port_t right,
                                     uint32_t disposition) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  if (!task) return kUseMessage;
  if (!MACH_PORT_VALID(name) || !MACH_MSG_TYPE_PORT_ANY(disposition)) return KERN_INVALID_VALUE;
  if (!MACH_PORT_VALID(right)) return KERN_INVALID_CAPABILITY;
  ipc::AnyRight any = TRY_CODE(kern::current_task().space().copyin(right, disposition));
  return task->space().copyout_at(std::move(any), name).code();
}

kern_return_t mach_port_allocate_name(mach_port_t task_name, mach_port_right_t right,
                                      mach_port_t name) {
  const base::Ref<kern::Task> task = rpc::name_to_task(task_name);
  return task ? task->space().allocate_right_at(right, name).code() : kUseMessage;
}

kern_return_t thread_depress_abort(mach_port_t thread_name) {
  const base::Ref<kern::Thread> thread = rpc::name_to_thread(thread_name);
  if (!thread) return kUseMessage;
  kern::Scheduler::undepress(*thread);
  return KERN_SUCCESS;
}

}  // namespace traps
