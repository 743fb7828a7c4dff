// A lock for a few instructions that needs nothing of libc or of the thread.
#pragma once

#include <mach.h>
#include <mach/thread_switch.h>

namespace server_libc {

class SpinLock {
 public:
  void lock() {
    // The holder may have lost the processor: let it run, even with a lower priority.
    while (__atomic_exchange_n(&locked_, 1, __ATOMIC_ACQUIRE) != 0) {
      (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_DEPRESS, 1);
    }
  }
  void unlock() { __atomic_store_n(&locked_, 0, __ATOMIC_RELEASE); }

 private:
  int locked_ = 0;
};

class SpinGuard {
 public:
  explicit SpinGuard(SpinLock& lock) : lock_(lock) { lock_.lock(); }
  ~SpinGuard() { lock_.unlock(); }
  SpinGuard(const SpinGuard&) = delete;
  SpinGuard& operator=(const SpinGuard&) = delete;

 private:
  SpinLock& lock_;
};

}  // namespace server_libc
