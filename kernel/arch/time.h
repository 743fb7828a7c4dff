// Hardware clocks.
#pragma once

#include <cstdint>

namespace arch {

// Cycles of the time-stamp counter.
uint64_t read_tsc();

// Programs the periodic clock interrupt and measures the time-stamp counter against it. From then
// on each tick calls kern::clock_tick().
void start_clock();

// Microseconds since start_clock(), monotonic.
uint64_t monotonic_us();

// Seconds since 1970 UTC from the battery-backed clock, and setting it.
uint32_t read_rtc();
void write_rtc(uint32_t seconds);

}  // namespace arch
