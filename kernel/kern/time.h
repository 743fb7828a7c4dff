// Kernel time: ticks, microseconds since boot, the wall clock, deadlines.
#pragma once

#include <mach/time_value.h>

#include <cstdint>

namespace kern {

inline constexpr uint32_t kTicksPerSecond = 100;
inline constexpr uint32_t kMicrosecondsPerTick = 1'000'000 / kTicksPerSecond;

// Clock ticks since boot.
uint64_t ticks();

// Microseconds since boot, finer than a tick where the processor has a time-stamp counter.
uint64_t uptime_us();

// A point of time after boot, or never.
class Deadline {
 public:
  static constexpr Deadline never() { return Deadline(UINT64_MAX); }
  // Already over: a wait with it polls.
  static constexpr Deadline passed() { return Deadline(0); }
  static constexpr Deadline at_us(uint64_t microseconds_since_boot) {
    return Deadline(microseconds_since_boot);
  }
  static Deadline after_us(uint64_t us) { return Deadline(uptime_us() + us); }
  static Deadline after_ms(uint32_t ms) { return after_us(uint64_t{ms} * 1000); }

  [[nodiscard]] constexpr bool is_never() const { return us_ == UINT64_MAX; }
  [[nodiscard]] constexpr uint64_t us() const { return us_; }

 private:
  explicit constexpr Deadline(uint64_t us) : us_(us) {}
  uint64_t us_;
};

// The wall clock (seconds and microseconds since 1970 UTC).
time_value_t wall_time();

// Called once a second boundary or tick changes the wall clock: the "time" device keeps a page of
// memory that shows the wall clock to user programs. Null turns it off.
void set_mapped_time(volatile mapped_time_value_t* page);

}  // namespace kern
