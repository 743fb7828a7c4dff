#include "libs/mach/server_libc/clock.h"

#include <mach.h>
#include <mach/mach_host.h>
#include <mach/server_libc.h>
#include <mach/thread_switch.h>

#include "libs/mach/server_libc/spin_lock.h"

namespace server_libc {
namespace {

constexpr long long kMicrosecondsPerSecond = 1'000'000;
constexpr long long kNanosecondsPerMillisecond = 1'000'000;
constexpr long long kMillisecondsPerSecond = 1'000;
constexpr long long kLongestWait = 1'000'000'000;  // milliseconds of one thread_switch

const volatile mapped_time_value_t* mapped_time;
mach_port_t host;

SpinLock monotonic_lock;
long long monotonic_last;

bool read_mapped(time_value_t* now) {
  const volatile mapped_time_value_t* const time = mapped_time;
  if (time == nullptr) return false;
  do {
    now->seconds = time->seconds;
    now->microseconds = time->microseconds;
  } while (now->seconds != time->check_seconds);
  return true;
}

bool read_host(time_value_t* now) {
  if (host == MACH_PORT_NULL) host = mach_host_self();
  return host_get_time(host, now) == KERN_SUCCESS;
}

unsigned long long cycles() { return __builtin_readcyclecounter(); }

unsigned long long mix(unsigned long long value) {
  value ^= value >> 31;
  value *= 0x9e3779b97f4a7c15u;
  value ^= value >> 29;
  value *= 0xbf58476d1ce4e5b9u;
  return value ^ value >> 32;
}

}  // namespace

bool read_clock(long clock, long long* microseconds) {
  time_value_t now;
  if (clock < kClockRealtime || clock > kClockLast) return false;
  if (!read_mapped(&now) && !read_host(&now)) return false;
  *microseconds = now.seconds * kMicrosecondsPerSecond + now.microseconds;
  if (clock == kClockRealtime) return true;
  // The time of day may be set back; this one only stands still then.
  const SpinGuard guard(monotonic_lock);
  if (*microseconds < monotonic_last) *microseconds = monotonic_last;
  monotonic_last = *microseconds;
  return true;
}

void sleep_for(Timespec64 time) {
  if (time.seconds < 0) return;
  long long left = time.seconds * kMillisecondsPerSecond +
                   (time.nanoseconds + kNanosecondsPerMillisecond - 1) / kNanosecondsPerMillisecond;
  do {
    const long long step = left < kLongestWait ? left : kLongestWait;
    (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, static_cast<int>(step));
    left -= step;
  } while (left > 0);
}

long sleep_on(long clock, long flags, Timespec64 time) {
  if (time.nanoseconds < 0 || time.nanoseconds >= 1'000'000'000) return -kEinval;
  if ((flags & kTimerAbsolute) != 0) {
    long long now;
    if (!read_clock(clock, &now)) return -kEinval;
    const long long left =
        time.seconds * kMicrosecondsPerSecond + time.nanoseconds / 1000 - now;
    if (left <= 0) return 0;
    time = {left / kMicrosecondsPerSecond, left % kMicrosecondsPerSecond * 1000};
  }
  sleep_for(time);
  return 0;
}

void fill_random(unsigned char* bytes, unsigned long size) {
  static unsigned long long state;
  long long now = 0;
  (void)read_clock(kClockRealtime, &now);
  state += mix(static_cast<unsigned long long>(now)) ^ reinterpret_cast<unsigned long>(bytes);
  for (unsigned long i = 0; i < size; ++i) {
    state += cycles();
    bytes[i] = static_cast<unsigned char>(mix(state) >> 17);
  }
}

}  // namespace server_libc

void server_libc_set_mapped_time(const void* page) {
  server_libc::mapped_time = static_cast<const volatile mapped_time_value_t*>(page);
}
