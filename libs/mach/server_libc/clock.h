// Clocks and sleeping.
#pragma once

#include "libs/mach/server_libc/linux_abi.h"

namespace server_libc {

// Microseconds since 1970 (kClockRealtime) or some moment, never going back. False: no such clock.
bool read_clock(long clock, long long* microseconds);

// Sleeps so many nanoseconds, rounded up to milliseconds.
void sleep_for(Timespec64 time);

// clock_nanosleep; 0, -kEinval.
long sleep_on(long clock, long flags, Timespec64 time);

// Bytes nobody should be able to foretell: the cycle counter and the clock, mixed. Not for keys.
void fill_random(unsigned char* bytes, unsigned long size);

}  // namespace server_libc
