#include "kernel/arch/host/machine.h"

#include <cstdlib>

#include "kernel/arch/context.h"
#include "kernel/arch/host/boot_settings.h"
#include "kernel/arch/host/user_program.h"
#include "kernel/arch/time.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/attention.h"
#include "kernel/kern/clock.h"
#include "kernel/kern/reaper.h"
#include "kernel/kern/scheduler.h"
#include "kernel/kern/time.h"
#include "kernel/vm/init.h"

namespace host {

void boot() {
  static const bool booted = [] {
    vm::init();
    auto idle = kern::Thread::create_idle();
    KASSERT(idle.ok());
    kern::Thread* thread = idle.take().leak();
    kern::Scheduler::start(*thread);
    arch::start_clock();
    kern::Reaper::start();
    run();
    return true;
  }();
  (void)booted;
}

base::Ref<kern::Task> create_task() {
  auto task = kern::Task::create(kern::Task::kernel(), kern::Task::Inherit::kNothing);
  KASSERT(task.ok());
  return task.take();
}

base::Ref<kern::Thread> start_thread(kern::Task& task, std::function<void()> program) {
  auto created = kern::Thread::create(task);
  KASSERT(created.ok());
  base::Ref<kern::Thread> thread = created.take();
  thread->context.program = new arch::UserProgram{std::move(program)};
  KASSERT(thread->resume().ok());
  return thread;
}

void run() {
  KASSERT(kern::Scheduler::is_idle(kern::current_thread()));
  while (kern::Scheduler::yield()) {
  }
}

void advance_ms(uint32_t ms) {
  constexpr uint32_t kTick = kern::kMicrosecondsPerTick / 1000;
  run();
  for (uint32_t passed = 0; passed < ms; passed += kTick) {
    arch::advance_clock_us(kern::kMicrosecondsPerTick);
    kern::clock_tick(kern::TickMode::kKernel, 0);
    run();
  }
}

void return_to_user() {
  kern::Thread& self = kern::current_thread();
  if (self.ast != 0) kern::handle_attention();
}

}  // namespace host

namespace arch {
namespace {
void (*user_mode)() = nullptr;
}  // namespace

void set_user_mode(void (*run)()) { user_mode = run; }

void enter_user_mode() {
  kern::Thread& self = kern::current_thread();
  if (self.context.program != nullptr) {
    self.context.program->main();
  } else if (user_mode != nullptr) {
    user_mode();
  }
  self.terminate();
  kern::handle_attention();
  abort();
}

}  // namespace arch
