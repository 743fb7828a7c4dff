// The order in which the kernel starts.
#include "kernel/kern/main.h"

#include "kernel/arch/boot.h"
#include "kernel/arch/interrupts.h"
#include "kernel/arch/time.h"
#include "kernel/debug/dump.h"
#include "kernel/device/init.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/bootstrap.h"
#include "kernel/kern/clock.h"
#include "kernel/kern/host.h"
#include "kernel/kern/print.h"
#include "kernel/kern/reaper.h"
#include "kernel/kern/scheduler.h"
#include "kernel/kern/task.h"
#include "kernel/vm/init.h"

namespace kern {
namespace {

[[noreturn]] void idle() {
  for (;;) {
    Scheduler::yield();
    arch::wait_for_interrupt();
  }
}

// Runs as the first kernel thread, so that what follows may block.
void start_services(void*) {
  vm::start_threads();
  device::init();
  debug::start_timers();
  start_bootstrap_task();
}

}  // namespace

void main() {
  print("Machina kernel, %u MiB of memory\n", arch::memory_size() >> 20);
  vm::init();
  auto idle_thread = Thread::create_idle();
  if (!idle_thread.ok()) panic("no memory for the first thread");
  Scheduler::start(**idle_thread);
  Host::init();
  arch::start_clock();
  init_wall_time();
  Reaper::start();
  if (!Thread::create_kernel("start", start_services, nullptr, kPrioritySystem).ok()) {
    panic("no memory for the start thread");
  }
  idle();
}

}  // namespace kern
