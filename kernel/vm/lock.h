// The lock of the virtual memory system: maps, objects and pages form one graph that faults,
// copies and collapses walk in all directions, so one lock guards it all.
//
// Nobody sends a message while holding it: port locks rank before it. What must be said to a memory
// manager is queued in the outbox (outbox.h) and sent when the lock is released.
#pragma once

#include "kernel/kern/lock.h"

namespace vm {

extern kern::Lock graph_lock;

// Holds graph_lock for a scope, then sends what the scope left in the outbox.
class SCOPED_CAPABILITY GraphLock {
 public:
  GraphLock() ACQUIRE(graph_lock) { graph_lock.lock(); }
  ~GraphLock() RELEASE();
  GraphLock(const GraphLock&) = delete;
  GraphLock& operator=(const GraphLock&) = delete;
};

}  // namespace vm
