// Lock: a ranked spin lock. In the kernel binary (one processor, interrupts off inside the kernel)
// lock and unlock are empty; in host tests they check the rank order and that nobody blocks while
// holding a lock. kernel/LOCKING.md draws the order.
#pragma once

#include <cstdint>

#include "libs/base/thread_annotations.h"

namespace kern {

// Outer to inner: a thread that holds a lock may only take locks of a higher rank. Two locks of
// the same rank are taken in address order (ports, maps), with LockRank's owner saying so.
enum class LockRank : uint8_t {
  kTask,
  kSpace,
  kPortSet,
  kPort,
  kMessageQueue,
  kMap,
  kObject,
  kPage,
  kPmap,
  kHeap,
  kThread,
  kRunQueue,
  kDevice,
};

class Lock;

}  // namespace kern

// Defines arch::note_lock(const kern::Lock&) and arch::note_unlock(const kern::Lock&).
#include "platform/lock_check.h"

namespace kern {

class CAPABILITY("mutex") Lock {
 public:
  explicit constexpr Lock(LockRank rank) : rank_(rank) {}
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  void lock() ACQUIRE() { arch::note_lock(*this); }
  void unlock() RELEASE() { arch::note_unlock(*this); }

  [[nodiscard]] constexpr LockRank rank() const { return rank_; }

 private:
  const LockRank rank_;
};

// Holds a lock for a scope.
class SCOPED_CAPABILITY LockGuard {
 public:
  explicit LockGuard(Lock& lock) ACQUIRE(lock) : lock_(lock) { lock_.lock(); }
  ~LockGuard() RELEASE() { lock_.unlock(); }
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

 private:
  Lock& lock_;
};

}  // namespace kern
