#include "kernel/arch/time.h"

#include "kernel/arch/host/user_program.h"

namespace arch {
namespace {
uint64_t now_us = 1;
uint32_t rtc_seconds = 1'767'225'600;  // the beginning of 2026
}  // namespace

uint64_t read_tsc() { return now_us * 1000; }
void start_clock() {}
uint64_t monotonic_us() { return now_us; }
void advance_clock_us(uint64_t us) { now_us += us; }
uint32_t read_rtc() { return rtc_seconds; }
void write_rtc(uint32_t seconds) { rtc_seconds = seconds; }

}  // namespace arch
