// Deferred work: what an interrupt handler leaves to a thread, because it sends messages, frees
// memory or waits.
#pragma once

#include "libs/base/list.h"
#include "libs/base/result.h"

namespace device {

// Embedded in (or a base of) the object the work is about.
class WorkItem {
 public:
  // Runs once per schedule_work(), in the device thread. May delete the object.
  virtual void run_work() = 0;

  base::ListLink work_link;

 protected:
  ~WorkItem() = default;
};

// Queues the item; no effect while it is queued. For interrupt handlers and threads.
void schedule_work(WorkItem& item);

// Creates the device thread. Errors of kern::Thread::create_kernel.
base::Status start_worker();

}  // namespace device
