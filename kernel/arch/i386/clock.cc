// Interval timer (8254), time-stamp counter and the battery-backed clock.
#include <algorithm>

#include "kernel/arch/interrupts.h"
#include "kernel/arch/time.h"

#include "kernel/arch/i386/interrupts.h"
#include "kernel/arch/i386/io_port.h"
#include "kernel/kern/clock.h"
#include "kernel/kern/time.h"
#include "libs/base/divide.h"

namespace arch {
namespace {

constexpr uint32_t kTimerHertz = 1'193'182;
constexpr uint16_t kTimerCounter0 = 0x40, kTimerCounter2 = 0x42, kTimerControl = 0x43,
                   kSpeakerGate = 0x61;
constexpr uint8_t kRateGenerator0 = 0x34, kOneShot2 = 0xB0;
constexpr unsigned kTimerIrq = 0;

uint64_t boot_tsc;
// Microseconds of one cycle of the time stamp counter, in units of 2^-32.
uint32_t us_per_cycle;

class TickHandler final : public IrqHandler {
 public:
  void handle_irq(unsigned) override {
    const TrapFrame& frame = interrupted_frame();
    kern::clock_tick(frame.from_user() ? kern::TickMode::kUser : kern::TickMode::kKernel,
                     frame.eip);
  }
} tick_handler;

// Counts cycles during 10 ms of timer channel 2 (whose output nobody uses).
uint32_t measure_tsc_per_ms() {
  constexpr uint32_t kCount = kTimerHertz / 100;
  constexpr uint8_t kGateOn = 1, kSpeakerOn = 2, kOutput = 0x20;
  outb(kSpeakerGate, static_cast<uint8_t>((inb(kSpeakerGate) & ~kSpeakerOn) | kGateOn));
  outb(kTimerControl, kOneShot2);
  outb(kTimerCounter2, static_cast<uint8_t>(kCount));
  outb(kTimerCounter2, static_cast<uint8_t>(kCount >> 8));
  const uint64_t start = read_tsc();
  for (uint32_t spin = 0; spin < 10'000'000 && !(inb(kSpeakerGate) & kOutput); ++spin) {
  }
  const auto per_ms = static_cast<uint32_t>((read_tsc() - start) / 10);
  return per_ms == 0 ? 1 : per_ms;
}

// --- battery-backed clock

constexpr uint16_t kRtcIndex = 0x70, kRtcData = 0x71;
constexpr uint8_t kSeconds = 0, kMinutes = 2, kHours = 4, kDay = 7, kMonth = 8, kYear = 9,
                  kStatusA = 0x0A, kStatusB = 0x0B;
constexpr uint8_t kUpdating = 0x80, kBinary = 0x04, k24Hours = 0x02, kHaltUpdates = 0x80;

uint8_t rtc_read(uint8_t reg) {
  outb(kRtcIndex, reg);
  return inb(kRtcData);
}

void rtc_write(uint8_t reg, uint8_t value) {
  outb(kRtcIndex, reg);
  outb(kRtcData, value);
}

uint32_t from_bcd(uint8_t v) { return (v >> 4) * 10u + (v & 15u); }
uint8_t to_bcd(uint32_t v) { return static_cast<uint8_t>((v / 10) << 4 | v % 10); }

// Days since 1970-01-01 of a date in the Gregorian calendar.
uint32_t days_from_date(uint32_t year, uint32_t month, uint32_t day) {
  // Years start in March, so that the leap day is the last.
  year -= month <= 2;
  const uint32_t era_year = year % 400;
  const uint32_t shifted_month = (month + 9) % 12;
  const uint32_t day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
  const uint32_t day_of_era = era_year * 365 + era_year / 4 - era_year / 100 + day_of_year;
  return year / 400 * 146'097 + day_of_era - 719'468;
}

struct Date {
  uint32_t year, month, day;
};

Date date_from_days(uint32_t days) {
  days += 719'468;
  const uint32_t day_of_era = days % 146'097;
  const uint32_t era_year =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const uint32_t day_of_year = day_of_era - (365 * era_year + era_year / 4 - era_year / 100);
  const uint32_t shifted_month = (5 * day_of_year + 2) / 153;
  const uint32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const uint32_t year = days / 146'097 * 400 + era_year + (month <= 2);
  return {year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

}  // namespace

uint64_t read_tsc() {
  uint64_t v;
  asm volatile("rdtsc" : "=A"(v));
  return v;
}

void start_clock() {
  const uint32_t cycles_per_ms = std::max<uint32_t>(measure_tsc_per_ms(), 1001);  // fits below
  us_per_cycle = base::divide(uint64_t{1000} << 32, cycles_per_ms).quotient;
  boot_tsc = read_tsc();
  constexpr uint32_t kDivisor = kTimerHertz / kern::kTicksPerSecond;
  outb(kTimerControl, kRateGenerator0);
  outb(kTimerCounter0, static_cast<uint8_t>(kDivisor));
  outb(kTimerCounter0, static_cast<uint8_t>(kDivisor >> 8));
  if (!register_irq(kTimerIrq, tick_handler).ok()) __builtin_trap();
}

uint64_t monotonic_us() {
  const uint64_t cycles = read_tsc() - boot_tsc;
  return (cycles >> 32) * us_per_cycle + ((cycles & 0xFFFFFFFF) * us_per_cycle >> 32);
}

uint32_t read_rtc() {
  for (uint32_t spin = 0; spin < 100'000 && (rtc_read(kStatusA) & kUpdating); ++spin) {
  }
  const bool binary = rtc_read(kStatusB) & kBinary;
  const auto field = [binary](uint8_t reg) {
    const uint8_t raw = rtc_read(reg);
    return binary ? uint32_t{raw} : from_bcd(raw);
  };
  const uint32_t days = days_from_date(2000 + field(kYear), field(kMonth), field(kDay));
  return ((days * 24 + field(kHours)) * 60 + field(kMinutes)) * 60 + field(kSeconds);
}

void write_rtc(uint32_t seconds) {
  const uint8_t status = rtc_read(kStatusB);
  const auto put = [&](uint8_t reg, uint32_t v) {
    rtc_write(reg, (status & kBinary) ? static_cast<uint8_t>(v) : to_bcd(v));
  };
  const Date date = date_from_days(seconds / 86'400);
  rtc_write(kStatusB, status | kHaltUpdates | k24Hours);
  put(kYear, date.year % 100);
  put(kMonth, date.month);
  put(kDay, date.day);
  put(kHours, seconds / 3600 % 24);
  put(kMinutes, seconds / 60 % 60);
  put(kSeconds, seconds % 60);
  rtc_write(kStatusB, static_cast<uint8_t>((status & ~kHaltUpdates) | k24Hours));
}

}  // namespace arch
