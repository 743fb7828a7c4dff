/* Wall clock and cycle counter. */
#ifndef TESTS_CONFORMANCE_HOSTS_TIME_H_
#define TESTS_CONFORMANCE_HOSTS_TIME_H_

#include "tests/conformance/support/threads.h"

time_value_t host_time(void);
/* b - a in microseconds, of less than half an hour. */
int time_between(time_value_t a, time_value_t b);

/*
 * How much the wall clock gained on the cycle counter from one moment to another, in microseconds:
 * begin, ..., gained.
 */
struct comparison {
  time_value_t time;
  unsigned long long cycles;
};
struct comparison compare_clocks(void);
/* Cycles of one millisecond, measured while nothing adjusts the clock. */
unsigned cycles_per_millisecond(void);
int gained(struct comparison from, struct comparison to, unsigned per_millisecond);

#endif
