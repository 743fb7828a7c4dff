#include "kernel/kern/event_count.h"

#include <mach/kern_return.h>

#include "kernel/kern/thread.h"

namespace kern {
namespace {

// Number 0 is no event.
constexpr uint32_t kMaxEvents = 32;
EventCount events[kMaxEvents];

}  // namespace

base::Result<EventCount*> EventCount::create() {
  for (uint32_t i = 1; i < kMaxEvents; ++i) {
    if (events[i].in_use_) continue;
    events[i].in_use_ = true;
    events[i].id_ = i;
    return &events[i];
  }
  return base::Error(KERN_RESOURCE_SHORTAGE);
}

EventCount* EventCount::find(uint32_t id) {
  return id < kMaxEvents && events[id].in_use_ ? &events[id] : nullptr;
}

void EventCount::signal() {
  if (!waiter_.wake_one()) ++count_;
}

base::Status EventCount::wait() {
  if (count_ > 0) {
    --count_;
    return {};
  }
  if (!waiter_.empty()) return base::Error(KERN_NO_SPACE);
  if (waiter_.wait(Interruptible::kYes) != WaitResult::kWokenUp) return base::Error(KERN_ABORTED);
  return {};
}

base::Status EventCount::wait_clear() {
  count_ = 0;
  return wait();
}

}  // namespace kern
