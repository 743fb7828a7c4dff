// RunQueue: runnable threads by priority.
#pragma once

#include <cstdint>

#include "kernel/kern/sched_state.h"
#include "libs/base/list.h"

namespace kern {

class Thread;

class RunQueue {
 public:
  void push_back(Thread& t);
  void push_front(Thread& t);
  void remove(Thread& t);
  // Takes the first thread of the best priority; null when empty.
  Thread* pop();

  [[nodiscard]] bool empty() const { return ready_ == 0; }
  // The best priority present; kPriorityCount when empty.
  [[nodiscard]] int best_priority() const {
    return ready_ == 0 ? kPriorityCount : __builtin_ctz(ready_);
  }
  [[nodiscard]] uint32_t size() const { return size_; }

  // The first thread of a priority, and the one after `t` in its list; null at the end.
  [[nodiscard]] Thread* first(int priority);
  [[nodiscard]] Thread* next(Thread& t);

 private:
  using List = base::List<Waiter, &Waiter::wait_link>;
  List lists_[kPriorityCount];
  uint32_t ready_ = 0;  // bit n: lists_[n] is not empty
  uint32_t size_ = 0;
};

}  // namespace kern
