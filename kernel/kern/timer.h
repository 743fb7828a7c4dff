// Timer: calls a function at a deadline, from the clock interrupt.
#pragma once

#include "kernel/kern/time.h"
#include "libs/base/list.h"

namespace kern {

// Embedded in the object it serves. The function runs with interrupts off in the clock interrupt,
// so it must not block; waking threads is what it is for. Resolution: one clock tick.
class Timer {
 public:
  using Function = void (*)(void* argument);

  Timer(Function function, void* argument) : function_(function), argument_(argument) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  // Arms the timer, or moves it when armed. Deadline::never() disarms it.
  void set(Deadline deadline);
  // Disarms; harmless when not armed.
  void cancel() { link_.unlink(); }
  [[nodiscard]] bool armed() const { return link_.linked(); }

  // Clock interrupt: runs every timer whose deadline has passed.
  static void run_expired(uint64_t now_us);

 private:
  Function function_;
  void* argument_;
  uint64_t deadline_us_ = 0;
  base::ListLink link_;

  using Queue = base::List<Timer, &Timer::link_>;
  static Queue& queue();
};

}  // namespace kern
