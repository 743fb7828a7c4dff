// Waiting and waking. A thread gives up the processor here and nowhere else inside the kernel.
//
// Two levels:
//  - WaitQueue: a list of waiting threads; wait(), wake_one(), wake_all().
//  - prepare_wait() / block() / wake() / handoff(): for code that keeps its waiting threads on
//    lists of its own (messages). Protocol:
//    (1) The waiter puts itself on its list and calls prepare_wait(). From here on wake() counts.
//    (2) The waiter calls block(). If it was woken since (1), block() returns at once.
//    (3) The waker takes the thread off the list and calls wake(), or handoff().
//    (4) block() returns why. After kTimedOut or kInterrupted the waiter is still on its list and
//        takes itself off.
#pragma once

#include <cstdint>

#include "kernel/kern/time.h"
#include "libs/base/list.h"

namespace kern {

class Thread;

enum class WaitResult : uint8_t {
  kWokenUp,
  kTimedOut,
  kInterrupted,  // thread_abort or termination; only interruptible waits
};

enum class Interruptible : uint8_t { kNo, kYes };

// The part of a thread that wait queues and run queues link; only Thread derives from it.
struct Waiter {
  base::ListLink wait_link;
};

class WaitQueue {
 public:
  WaitQueue() = default;

  // Puts the current thread at the end of the queue and blocks it. It is off the queue when this
  // returns, whatever the result.
  WaitResult wait(Interruptible interruptible, Deadline deadline = Deadline::never());

  // wait() without a deadline that hands the processor to `to` as handoff() does.
  WaitResult wait_handing_off(Thread& to, Interruptible interruptible);

  // Wakes the thread that has waited longest. False: nobody waits.
  bool wake_one(WaitResult result = WaitResult::kWokenUp);
  void wake_all(WaitResult result = WaitResult::kWokenUp);

  [[nodiscard]] bool empty() const { return threads_.empty(); }

 private:
  base::List<Waiter, &Waiter::wait_link> threads_;
};

// Announces that the current thread is about to block().
void prepare_wait(Interruptible interruptible);

// Gives up the processor until wake(), the deadline, or (interruptible) an abort. An abort that
// is already pending makes an interruptible wait return kInterrupted at once.
WaitResult block(Deadline deadline = Deadline::never());

// Ends the wait of a thread (between its prepare_wait and the end of its block). Harmless, with no
// effect, when the thread does not wait any more. May be called from interrupt handlers.
void wake(Thread& thread, WaitResult result = WaitResult::kWokenUp);

// block() of the current thread (which has called prepare_wait) combined with wake() of `to`,
// which runs at once without passing through a run queue. `to` must be waiting; when it may not
// run (suspended task: it still runs kernel code) it is treated as by wake().
WaitResult handoff(Thread& to, Deadline deadline = Deadline::never());

// Lets other runnable threads of the same or better priority run; returns when it is this
// thread's turn again.
void yield();

}  // namespace kern
