#include "servers/process/clock.h"

#include <mach.h>
#include <mach/mach_host.h>

namespace process {

int64_t now_us() {
  time_value_t now{};
  host_get_time(mach_host_self(), &now);
  return static_cast<int64_t>(now.seconds) * 1000000 + now.microseconds;
}

}  // namespace process
