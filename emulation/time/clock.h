// Clocks, read from the mapped "time" device without any call.
#pragma once

#include <cstdint>

namespace emulation {

// Microseconds since 1970, and since some moment that does not change.
int64_t realtime_microseconds();
int64_t monotonic_microseconds();

// A wait of that time in whole milliseconds, rounded up, for mach_msg; at most a day at once.
inline unsigned milliseconds_of(int64_t seconds, int32_t nanoseconds) {
  constexpr int64_t kDay = 86400;
  if (seconds < 0) return 0;
  if (seconds >= kDay) return static_cast<unsigned>(kDay * 1000);
  return static_cast<unsigned>(seconds * 1000 + (nanoseconds + 999999) / 1000000);
}

}  // namespace emulation
