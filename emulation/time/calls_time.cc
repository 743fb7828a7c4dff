// Clocks, sleeping, timers.
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/servers.h"
#include "emulation/memory/user_memory.h"
#include "emulation/time/clock.h"
#include "libs/mach/process_user.h"

namespace emulation {
namespace {

using namespace linux_abi;

constexpr int kClockCount = 12;
constexpr int kProcessCpu = 2, kThreadCpu = 3;
constexpr int64_t kMillion = 1000000;

// User and system time used by the process, in microseconds.
int32_t cpu_time(int64_t* used) {
  int words[64];
  mach_msg_type_number_t count = 64;
  const int32_t error = error_from(proc_getrusage(process_port(), 0, words, &count));
  if (error == 0 && count >= 4) {
    *used = (static_cast<int64_t>(words[0]) + words[2]) * kMillion + words[1] + words[3];
  }
  return error;
}

int32_t read_clock(uint32_t clock, int64_t* microseconds) {
  if (clock >= kClockCount) return -EINVAL;
  if (clock == kProcessCpu || clock == kThreadCpu) return cpu_time(microseconds);
  constexpr uint32_t kMonotonicClocks = 1 << 1 | 1 << 4 | 1 << 6 | 1 << 7;
  *microseconds = (kMonotonicClocks >> clock & 1) != 0 ? monotonic_microseconds()
                                                       : realtime_microseconds();
  return 0;
}

template <typename Time>
Time to_time(int64_t microseconds) {
  Time t{};
  t.sec = static_cast<decltype(t.sec)>(microseconds / kMillion);
  t.nsec = static_cast<int32_t>(microseconds % kMillion) * 1000;
  return t;
}

template <typename Time>
int32_t get_clock(Registers& r) {
  int64_t now = 0;
  const int32_t error = read_clock(r.ebx, &now);
  if (error != 0) return error;
  return copy_out(r.ecx, to_time<Time>(now)) ? 0 : -EFAULT;
}

template <typename Time>
int32_t get_resolution(Registers& r) {
  constexpr int64_t kTick = 10000;
  if (r.ebx >= kClockCount) return -EINVAL;
  return r.ecx == 0 || copy_out(r.ecx, to_time<Time>(kTick)) ? 0 : -EFAULT;
}

// Sleeps until the monotonic clock shows `deadline`; what is left goes to `left` when a signal
// came first.
bool sleep_until(int64_t deadline, int64_t* left) {
  while (true) {
    *left = deadline - monotonic_microseconds();
    if (*left <= 0) return true;
    if (wait_for_signal(milliseconds_of(*left / kMillion, static_cast<int32_t>(*left % kMillion) * 1000))) {
      *left = deadline - monotonic_microseconds();
      return false;
    }
  }
}

template <typename Time>
int32_t sleep_for(uint32_t request, uint32_t remaining, bool absolute) {
  Time time;
  if (!copy_in(time, request)) return -EFAULT;
  if (time.nsec < 0 || time.nsec >= 1000000000 || time.sec < 0) return -EINVAL;
  const int64_t span = static_cast<int64_t>(time.sec) * kMillion + (time.nsec + 999) / 1000;
  int64_t left = 0;
  if (sleep_until(absolute ? span : monotonic_microseconds() + span, &left)) return 0;
  if (remaining != 0 && !absolute && !copy_out(remaining, to_time<Time>(left > 0 ? left : 0))) {
    return -EFAULT;
  }
  return -EINTR;
}

template <typename Time>
int32_t clock_sleep(Registers& r) {
  constexpr uint32_t kAbsolute = 1;
  if (r.ebx >= kClockCount || r.ebx == kThreadCpu) return -EINVAL;
  return sleep_for<Time>(r.edx, r.esi, (r.ecx & kAbsolute) != 0);
}

struct Interval {
  Timeval interval;
  Timeval value;
};

int64_t microseconds_of(const Timeval& t) { return static_cast<int64_t>(t.sec) * kMillion + t.usec; }
Timeval timeval_of(int64_t microseconds) {
  return {static_cast<int32_t>(microseconds / kMillion), static_cast<int32_t>(microseconds % kMillion)};
}

int32_t set_real_timer(const Interval& timer, Interval* old) {
  int64_t old_value = 0;
  int64_t old_interval = 0;
  const int32_t error =
      error_from(proc_setitimer(process_port(), microseconds_of(timer.value),
                                microseconds_of(timer.interval), &old_value, &old_interval));
  *old = {timeval_of(old_interval), timeval_of(old_value)};
  return error;
}

template <typename Time>
int32_t set_clock(Registers& r) {
  Time time;
  if (r.ebx != 0) return -EINVAL;
  if (!copy_in(time, r.ecx)) return -EFAULT;
  return error_from(proc_settime(process_port(), time.sec, time.nsec / 1000));
}

}  // namespace

extern "C" int emulation_clock_gettime(int clock, void* time) {
  int64_t now = 0;
  if (clock == kProcessCpu || clock == kThreadCpu) return -ENOSYS;  // libc makes the call instead
  const int32_t error = read_clock(static_cast<uint32_t>(clock), &now);
  if (error == 0) *static_cast<Timespec64*>(time) = to_time<Timespec64>(now);
  return error;
}

namespace calls {

int32_t clock_gettime(Registers& r) { return get_clock<Timespec32>(r); }
int32_t clock_gettime64(Registers& r) { return get_clock<Timespec64>(r); }
int32_t clock_getres(Registers& r) { return get_resolution<Timespec32>(r); }
int32_t clock_getres_time64(Registers& r) { return get_resolution<Timespec64>(r); }
int32_t clock_settime(Registers& r) { return set_clock<Timespec32>(r); }
int32_t clock_settime64(Registers& r) { return set_clock<Timespec64>(r); }
int32_t nanosleep(Registers& r) { return sleep_for<Timespec32>(r.ebx, r.ecx, false); }
int32_t clock_nanosleep(Registers& r) { return clock_sleep<Timespec32>(r); }
int32_t clock_nanosleep_time64(Registers& r) { return clock_sleep<Timespec64>(r); }

int32_t time(Registers& r) {
  const int32_t now = static_cast<int32_t>(realtime_microseconds() / kMillion);
  return r.ebx == 0 || copy_out(r.ebx, now) ? now : -EFAULT;
}

int32_t gettimeofday(Registers& r) {
  const Timeval now = timeval_of(realtime_microseconds());
  const int32_t zone[2] = {0, 0};
  if (r.ebx != 0 && !copy_out(r.ebx, now)) return -EFAULT;
  return r.ecx == 0 || copy_out(r.ecx, zone) ? 0 : -EFAULT;
}

int32_t settimeofday(Registers& r) {
  Timeval time;
  if (r.ebx == 0) return 0;
  if (!copy_in(time, r.ebx)) return -EFAULT;
  return error_from(proc_settime(process_port(), time.sec, time.usec));
}

int32_t stime(Registers& r) {
  int32_t seconds;
  if (!copy_in(seconds, r.ebx)) return -EFAULT;
  return error_from(proc_settime(process_port(), seconds, 0));
}

int32_t alarm(Registers& r) {
  Interval old;
  const int32_t error = set_real_timer({{0, 0}, {static_cast<int32_t>(r.ebx), 0}}, &old);
  if (error != 0) return error;
  return old.value.sec + (old.value.usec >= 500000 || (old.value.sec == 0 && old.value.usec != 0));
}

int32_t setitimer(Registers& r) {
  Interval timer{};
  Interval old;
  if (r.ebx != 0) return -EINVAL;  // only ITIMER_REAL: see LIMITATIONS.md
  if (r.ecx != 0 && !copy_in(timer, r.ecx)) return -EFAULT;
  if (static_cast<uint32_t>(timer.value.usec) >= kMillion || timer.value.sec < 0) return -EINVAL;
  const int32_t error = set_real_timer(timer, &old);
  if (error != 0) return error;
  return r.edx == 0 || copy_out(r.edx, old) ? 0 : -EFAULT;
}

// Setting shows the old value; showing alone sets it again.
int32_t getitimer(Registers& r) {
  Interval old, ignored;
  if (r.ebx != 0) return -EINVAL;
  int32_t error = set_real_timer({}, &old);
  if (error == 0) error = set_real_timer(old, &ignored);
  if (error != 0) return error;
  return copy_out(r.ecx, old) ? 0 : -EFAULT;
}

}  // namespace calls
}  // namespace emulation
