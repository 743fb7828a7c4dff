// EventCount: counts device events for evc_wait (book chapter 6).
#pragma once

#include <cstdint>

#include "kernel/kern/wait.h"
#include "libs/base/result.h"

namespace kern {

class EventCount {
 public:
  // A new event with a number of its own. KERN_RESOURCE_SHORTAGE: all numbers are in use.
  static base::Result<EventCount*> create();
  // The event of that number, or null.
  static EventCount* find(uint32_t id);

  [[nodiscard]] uint32_t id() const { return id_; }
  // The event has occurred: lets the waiting thread go, or counts. From any context.
  void signal();
  // evc_wait: waits for an event that no wait has used up yet. KERN_NO_SPACE: another thread is
  // waiting; KERN_ABORTED.
  base::Status wait();
  // evc_wait_clear: forgets the events so far, then waits.
  base::Status wait_clear();

 private:
  uint32_t id_ = 0;
  bool in_use_ = false;
  uint32_t count_ = 0;
  WaitQueue waiter_;
};

}  // namespace kern
