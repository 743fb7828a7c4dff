// The tree lock of a server, and the two ways of holding it.
#pragma once

#include <mutex>

namespace server {

using Mutex = std::mutex;
using LockGuard = std::lock_guard<Mutex>;

// Gives a held mutex up for the length of a scope: around waiting and mapped file data.
class Unlocked {
 public:
  explicit Unlocked(Mutex& mutex) : mutex_(mutex) { mutex_.unlock(); }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;
  ~Unlocked() { mutex_.lock(); }

 private:
  Mutex& mutex_;
};

}  // namespace server
