// The unit-test machine: starts the kernel proper inside a test process and runs user threads whose
// "user mode" is C++ code that calls the trap functions.
#pragma once

#include <cstdint>
#include <functional>

#include "kernel/kern/task.h"
#include "kernel/kern/thread.h"

namespace host {

// Starts virtual memory, scheduler and clock. The caller becomes the idle thread. Idempotent.
void boot();

// A task without memory or threads.
base::Ref<kern::Task> create_task();

// A running user thread of `task`: `program` is its user mode. It ends when that returns.
base::Ref<kern::Thread> start_thread(kern::Task& task, std::function<void()> program);

// Runs threads until none is runnable. Only the idle thread (the test) calls this.
void run();

// Lets clock interrupts happen for so long and runs what they make runnable.
void advance_ms(uint32_t ms);

// What the trap entry code does after a trap: threads of a test call this in their user mode, so
// that suspension, termination and preemption take effect.
void return_to_user();

// Runs a trap function as user code would.
template <typename F>
auto trap(F function) {
  auto result = function();
  return_to_user();
  return result;
}

}  // namespace host
