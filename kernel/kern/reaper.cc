#include "kernel/kern/reaper.h"

#include "kernel/kern/assert.h"
#include "kernel/kern/thread.h"

namespace kern {
namespace {

base::List<Waiter, &Waiter::wait_link> dead_threads;
WaitQueue work;

}  // namespace

void Reaper::start() {
  if (!Thread::create_kernel("reaper", run, nullptr, kPrioritySystem).ok()) {
    panic("no memory for the reaper");
  }
}

void Reaper::take(Thread& dead) {
  dead_threads.push_back(&dead);
  work.wake_one();
}

// A dead thread has switched away before this one can run: its stack is not in use.
void Reaper::run(void*) {
  for (;;) {
    while (Waiter* w = dead_threads.pop_front()) static_cast<Thread*>(w)->release();
    work.wait(Interruptible::kNo);
  }
}

}  // namespace kern
