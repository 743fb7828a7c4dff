// LiveCounted: how many objects of a class there are, for the kernel's statistics and leak checks.
#pragma once

#include <cstdint>

namespace kern {

// A base of the class it counts.
template <typename T>
class LiveCounted {
 public:
  LiveCounted(const LiveCounted&) = delete;
  LiveCounted& operator=(const LiveCounted&) = delete;

  static uint32_t live_count() { return count_; }

 protected:
  LiveCounted() { ++count_; }
  ~LiveCounted() { --count_; }

 private:
  static inline uint32_t count_ = 0;
};

}  // namespace kern
