// Wall-clock time without a message.
#pragma once

#include <mach/port.h>

#include <ctime>

namespace server {

// Maps the "time" device for this task's clocks. Without it they ask the kernel each time.
void use_mapped_time(mach_port_t device_master);

inline timespec wall_clock_now() {
  timespec now = {};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return now;
}

}  // namespace server
