#include "tests/conformance/hosts/time.h"

time_value_t host_time(void) {
  time_value_t t;
  REQUIRE_SUCCESS(host_get_time(mach_host_self(), &t));
  return t;
}

int time_between(time_value_t a, time_value_t b) {
  return (int)(b.seconds - a.seconds) * 1000000 + (int)(b.microseconds - a.microseconds);
}

static unsigned long long cycles(void) {
  unsigned low;
  unsigned high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  return (unsigned long long)high << 32 | low;
}

/* The kernel reads its clock between two readings of the counter: the closest pair of several. */
struct comparison compare_clocks(void) {
  struct comparison best = {{0, 0}, 0};
  unsigned shortest = ~0u;
  unsigned i;
  for (i = 0; i < 30; i++) {
    const unsigned long long before = cycles();
    const time_value_t t = host_time();
    const unsigned long long after = cycles();
    if ((unsigned)(after - before) >= shortest) continue;
    shortest = (unsigned)(after - before);
    best.time = t;
    best.cycles = before + shortest / 2;
  }
  return best;
}

/* 64 by 32 bits, without the compiler's library. */
static unsigned divide(unsigned long long n, unsigned by) {
  unsigned quotient;
  unsigned remainder;
  __asm__("divl %4"
          : "=a"(quotient), "=d"(remainder)
          : "a"((unsigned)n), "d"((unsigned)(n >> 32)), "rm"(by));
  return quotient;
}

unsigned cycles_per_millisecond(void) {
  const struct comparison a = compare_clocks();
  struct comparison b;
  pause_for(1000);
  b = compare_clocks();
  return divide((b.cycles - a.cycles) * 1000, (unsigned)time_between(a.time, b.time));
}

int gained(struct comparison from, struct comparison to, unsigned per_millisecond) {
  const unsigned real = divide((to.cycles - from.cycles) * 1000, per_millisecond);
  return time_between(from.time, to.time) - (int)real;
}
