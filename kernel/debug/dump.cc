#include "kernel/debug/dump.h"

#include "kernel/arch/boot.h"
#include "kernel/arch/phys.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/print.h"
#include "kernel/kern/scheduler.h"
#include "kernel/kern/task.h"
#include "kernel/vm/heap.h"
#include "kernel/vm/page_allocator.h"

namespace debug {
namespace {

const char* state_name(kern::RunState s) {
  switch (s) {
    case kern::RunState::kRunning: return "running";
    case kern::RunState::kRunnable: return "runnable";
    case kern::RunState::kWaiting: return "waiting";
    case kern::RunState::kStopped: return "stopped";
    case kern::RunState::kDead: return "dead";
  }
  return "?";
}

void dump_thread(const kern::Thread& t) {
  kern::print("  thread %p %s %s, priority %d (base %d), suspended %u, ast %x, refs %u\n",
              static_cast<const void*>(&t), t.name(), state_name(t.sched.run_state),
              t.sched.priority, t.sched.base_priority, t.suspend_count(), t.ast, t.ref_count());
}

void dump_with_backtrace(const kern::Thread& t) {
  dump_thread(t);
  if (&t == &kern::current_thread()) return;
  kern::print("    ");
  arch::print_backtrace(t);
}

void dump_task(kern::Task& t) {
  kern::print("task %p%s, suspended %u, refs %u, memory %u KiB\n", static_cast<void*>(&t),
              t.active() ? "" : " (ended)", t.suspend_count(), t.ref_count(),
              t.map().virtual_size() >> 10);
  t.for_each_thread([](kern::Thread& thread) { dump_with_backtrace(thread); });
}

}  // namespace

void dump_current() {
  if (kern::internal::current == nullptr) return;
  kern::print("task %p\n", static_cast<void*>(&kern::current_task()));
  dump_thread(kern::current_thread());
}

void dump_tasks() {
  dump_task(kern::Task::kernel());
  for (kern::Task& t : kern::all_tasks()) dump_task(t);
}

void dump_memory() {
  kern::print("pages: %u free of %u; heap: %zu bytes in use\n", vm::free_page_count(),
              vm::total_page_count(), vm::heap_bytes_in_use());
}

namespace {

// The value of a kernel argument that counts seconds; 0 when it is absent.
uint32_t seconds_option(const char* name) {
  uint32_t seconds = 0;
  for (char c : arch::boot_option(name)) {
    if (c >= '0' && c <= '9') seconds = seconds * 10 + static_cast<uint32_t>(c - '0');
  }
  return seconds;
}

void start_periodic_dump() {
  static uint32_t seconds;
  seconds = seconds_option("dump");
  if (seconds == 0) return;
  static kern::Timer timer(
      [](void* self) {
        dump_tasks();
        dump_memory();
        static_cast<kern::Timer*>(self)->set(kern::Deadline::after_ms(seconds * 1000));
      },
      &timer);
  timer.set(kern::Deadline::after_ms(seconds * 1000));
}

void start_panic_timer() {
  const uint32_t seconds = seconds_option("panic_after");
  if (seconds == 0) return;
  static kern::Timer timer(
      [](void*) { kern::panic("the kernel argument panic_after asked for it"); }, nullptr);
  timer.set(kern::Deadline::after_ms(seconds * 1000));
}

}  // namespace

void start_timers() {
  start_periodic_dump();
  start_panic_timer();
}

}  // namespace debug
