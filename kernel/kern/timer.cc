#include "kernel/kern/timer.h"

namespace kern {
namespace {

// Constructed at first use: timers may be armed before static constructors of other files ran.
template <typename Queue>
Queue& the_queue() {
  static Queue queue;
  return queue;
}

}  // namespace

Timer::Queue& Timer::queue() { return the_queue<Queue>(); }

void Timer::set(Deadline deadline) {
  cancel();
  if (deadline.is_never()) return;
  deadline_us_ = deadline.us();
  Queue& all = queue();
  // From the end: most new deadlines are the latest.
  Timer* before = nullptr;
  for (Timer* t = all.back(); t != nullptr && t->deadline_us_ > deadline_us_; t = all.prev(t)) {
    before = t;
  }
  if (before != nullptr) {
    all.insert_before(before, this);
  } else {
    all.push_back(this);
  }
}

void Timer::run_expired(uint64_t now_us) {
  Queue& all = queue();
  while (Timer* t = all.front()) {
    if (t->deadline_us_ > now_us) return;
    t->cancel();
    t->function_(t->argument_);
  }
}

}  // namespace kern
