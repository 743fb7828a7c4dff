#include "tests/fuzz/machine.h"

#include <new>
#include <random>

#include "kernel/arch/host/machine.h"
#include "kernel/device/device.h"
#include "kernel/device/master.h"
#include "kernel/device/memory_device.h"
#include "kernel/device/null_device.h"
#include "kernel/device/work.h"
#include "kernel/ipc/mach_msg_call.h"
#include "kernel/ipc/message.h"
#include "kernel/ipc/port_set.h"
#include "kernel/kern/clock.h"
#include "kernel/kern/host.h"
#include "kernel/kern/task.h"
#include "kernel/vm/default_manager.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"
#include "tests/fuzz/check.h"

namespace {

uint32_t failures_one_in = 0;
std::minstd_rand failures;

bool fails() { return failures_one_in != 0 && failures() % failures_one_in == 0; }

}  // namespace

// The kernel's allocations are the ones that may fail.
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return fails() ? nullptr : ::operator new(size);
}
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return fails() ? nullptr : ::operator new[](size);
}

namespace fuzz {
namespace {

// Plays the default memory manager between inputs: nothing is ever paged out here.
ipc::Port& default_manager() {
  static ipc::Port* const port = ipc::Port::create().take().leak();
  return *port;
}

void add_devices() {
  device::create_master_port();
  FUZZ_CHECK(device::start_worker().ok());
  device::add_device(*new device::NullDevice);
  void* const page = vm::allocate_zeroed_kernel_page();
  device::add_device(*new device::MemoryDevice(device::DeviceName("time"),
                                               arch::direct_to_phys(page), arch::kPageSize));
}

void restore_default_manager() {
  const ipc::SendRight old = vm::set_default_memory_manager(ipc::make_send(default_manager()));
  while (default_manager().has_message()) {
    const ipc::MessagePtr dropped = default_manager().dequeue();
  }
}

// What privileged calls may have set.
void restore_settings() {
  kern::set_wall_time({1'000'000'000, 0});
  (void)kern::adjust_wall_time({});
  kern::ProcessorSet::the() = {};
}

void end_all_tasks() {
  while (kern::Task* task = kern::all_tasks().front()) {
    const base::Ref<kern::Task> keep(task);
    if (!task->terminate().ok()) {
      // Its last threads have yet to end.
      host::run();
      FUZZ_CHECK(kern::all_tasks().front() != task, "a terminated task does not end");
    }
  }
  host::run();
}

}  // namespace

void boot() {
  static const bool booted = [] {
    host::boot();
    kern::Host::init();
    add_devices();
    host::run();
    restore_default_manager();
    return true;
  }();
  (void)booted;
}

Usage Usage::now() {
  uint32_t tasks = 0;
  for ([[maybe_unused]] kern::Task& t : kern::all_tasks()) ++tasks;
  return {ipc::Port::live_count(),
          ipc::Message::live_count(),
          ipc::PortSet::live_count(),
          tasks,
          vm::free_page_count(),
          vm::active_page_count() + vm::inactive_page_count() + vm::wired_page_count()};
}

Run::Run() {
  boot();
  restore_settings();
  // An input must find the same whatever ran before it.
  ipc::MessagePool::release_kept();
  failures.seed(1);
  before_ = Usage::now();
}

Run::~Run() {
  fail_allocations(0);
  host::run();
  end_all_tasks();
  restore_default_manager();
  // Owed notifications need memory, which is there now.
  ipc::Port::pay_debts();
  const Usage after = Usage::now();
  FUZZ_CHECK(after.tasks == before_.tasks, "%u, %u", after.tasks, before_.tasks);
  FUZZ_CHECK(after.ports == before_.ports, "%u, %u", after.ports, before_.ports);
  FUZZ_CHECK(after.messages == before_.messages, "%u, %u", after.messages, before_.messages);
  FUZZ_CHECK(after.sets == before_.sets, "%u, %u", after.sets, before_.sets);
  FUZZ_CHECK(after.pages_in_use == before_.pages_in_use, "%u, %u", after.pages_in_use,
             before_.pages_in_use);
  FUZZ_CHECK(after.free_pages == before_.free_pages, "%u, %u", after.free_pages,
             before_.free_pages);
}

void fail_allocations(uint32_t one_in) { failures_one_in = one_in; }

}  // namespace fuzz
