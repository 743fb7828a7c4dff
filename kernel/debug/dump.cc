#include "kernel/debug/dump.h"

#include "kernel/arch/boot.h"
#include "kernel/arch/phys.h"
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

void start_periodic_dump() {
  static uint32_t seconds;
  for (char c : arch::boot_option("dump")) {
    if (c >= '0' && c <= '9') seconds = seconds * 10 + static_cast<uint32_t>(c - '0');
  }
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

}  // namespace debug
