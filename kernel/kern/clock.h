// The clock interrupt.
#pragma once

#include <mach/time_value.h>

#include <cstdint>

namespace kern {

enum class TickMode : uint8_t { kKernel, kUser };

// Called by the machine's timer interrupt kTicksPerSecond times a second, interrupts off. `pc` is
// the interrupted instruction.
void clock_tick(TickMode mode, uint32_t pc);

// host_set_time, host_adjust_time. set also sets the battery-backed clock.
void set_wall_time(time_value_t t);
// Slews the clock by `delta`; the correction still outstanding from the last call.
time_value_t adjust_wall_time(time_value_t delta);
// Reads the battery-backed clock; once, at boot.
void init_wall_time();

class EventCount;
// Every tick signals this event from now on.
void set_tick_event(EventCount* event);

// Load averages over 5, 30 and 60 seconds and Mach factors, scaled by 1000 (HOST_LOAD_INFO).
struct LoadInfo {
  int average[3];
  int mach_factor[3];
};
LoadInfo load_info();

}  // namespace kern
