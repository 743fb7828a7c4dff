#include "emulation/time/clock.h"

#include <mach/time_value.h>
#include <servers/process_page.h>

namespace emulation {

// The kernel writes check_seconds, microseconds, seconds in this order at a change of the second:
// both second words agree when the reading is consistent (book, appendix D, mapped_time_value).
int64_t realtime_microseconds() {
  const volatile auto& time = *reinterpret_cast<const volatile mapped_time_value_t*>(TIME_PAGE_ADDRESS);
  int seconds, microseconds;
  do {
    seconds = time.seconds;
    microseconds = time.microseconds;
  } while (time.check_seconds != seconds);
  return static_cast<int64_t>(seconds) * 1000000 + microseconds;
}

// The mapped device has one clock only. Setting the date moves this clock too.
int64_t monotonic_microseconds() { return realtime_microseconds(); }

}  // namespace emulation
