#include "kernel/kern/clock.h"

#include <algorithm>

#include "kernel/arch/time.h"
#include "kernel/kern/event_count.h"
#include "kernel/kern/pc_sampler.h"
#include "kernel/kern/scheduler.h"
#include "kernel/kern/time.h"
#include "kernel/kern/timer.h"
#include "libs/base/divide.h"

namespace kern {
namespace {

constexpr int32_t kMicroseconds = 1'000'000;
// adjust_wall_time() moves the clock by this much a tick; faster when more than a second is due.
constexpr int64_t kSlewPerTick = 5, kFastSlewPerTick = 50;

uint64_t tick_count;
uint32_t ticks_to_second = kTicksPerSecond;
int64_t wall_offset_us;  // wall clock minus uptime
int64_t slew_left_us;
volatile mapped_time_value_t* mapped_time;
EventCount* tick_event;

constexpr int kLoadScale = 1000;
// Seconds over which each average forgets.
constexpr int kLoadPeriods[3] = {5, 30, 60};
LoadInfo load = {{0, 0, 0}, {kLoadScale, kLoadScale, kLoadScale}};

time_value_t to_time_value(int64_t us) {
  const base::Quotient q = base::divide(us < 0 ? -us : us, kMicroseconds);
  const auto seconds = static_cast<mach_long_t>(q.quotient);
  const auto rest = static_cast<mach_long_t>(q.remainder);
  if (us < 0) return {-seconds, -rest};
  return {seconds, rest};
}

int64_t to_us(time_value_t t) { return int64_t{t.seconds} * kMicroseconds + t.microseconds; }

void slew() {
  if (slew_left_us == 0) return;
  const int64_t limit =
      slew_left_us > kMicroseconds || slew_left_us < -kMicroseconds ? kFastSlewPerTick : kSlewPerTick;
  const int64_t step = std::clamp(slew_left_us, -limit, limit);
  wall_offset_us += step;
  slew_left_us -= step;
}

// Readers take seconds, then microseconds, and retry until check_seconds is what they read first.
void show_mapped_time() {
  if (mapped_time == nullptr) return;
  const time_value_t now = wall_time();
  mapped_time->check_seconds = now.seconds;
  mapped_time->microseconds = now.microseconds;
  mapped_time->seconds = now.seconds;
}

void average_load() {
  const int runnable = static_cast<int>(Scheduler::runnable_count()) * kLoadScale;
  // The Mach factor: what of the processor a new thread would get.
  const int factor = kLoadScale * kLoadScale / (runnable + kLoadScale);
  for (int i = 0; i < 3; ++i) {
    const int n = kLoadPeriods[i];
    load.average[i] = (load.average[i] * (n - 1) + runnable) / n;
    load.mach_factor[i] = (load.mach_factor[i] * (n - 1) + factor) / n;
  }
}

}  // namespace

uint64_t ticks() { return tick_count; }
uint64_t uptime_us() { return arch::monotonic_us(); }

void clock_tick(TickMode mode, uint32_t pc) {
  ++tick_count;
  slew();
  show_mapped_time();
  if (tick_event != nullptr) tick_event->signal();
  Timer::run_expired(uptime_us());
  if (--ticks_to_second == 0) {
    ticks_to_second = kTicksPerSecond;
    Scheduler::age_all();
    average_load();
  }
  if (mode == TickMode::kUser) sample_pc(current_thread(), pc);
  Scheduler::tick(mode == TickMode::kUser);
}

time_value_t wall_time() {
  return to_time_value(static_cast<int64_t>(uptime_us()) + wall_offset_us);
}

void set_mapped_time(volatile mapped_time_value_t* page) {
  mapped_time = page;
  show_mapped_time();
}

void set_tick_event(EventCount* event) { tick_event = event; }

void init_wall_time() {
  wall_offset_us = int64_t{arch::read_rtc()} * kMicroseconds - static_cast<int64_t>(uptime_us());
}

void set_wall_time(time_value_t t) {
  wall_offset_us = to_us(t) - static_cast<int64_t>(uptime_us());
  slew_left_us = 0;
  arch::write_rtc(static_cast<uint32_t>(t.seconds));
  show_mapped_time();
}

time_value_t adjust_wall_time(time_value_t delta) {
  const time_value_t old = to_time_value(slew_left_us);
  slew_left_us = to_us(delta);
  return old;
}

LoadInfo load_info() { return load; }

}  // namespace kern
