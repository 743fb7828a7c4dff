#include "tests/conformance/hosts/time.h"

static time_value_t adjust(int seconds, int microseconds) {
  time_value_t old = {77, 77};
  EXPECT_SUCCESS(host_adjust_time(host_control, (time_value_t){seconds, microseconds}, &old));
  return old;
}

CONFORMS(host_adjust_time, KERN_SUCCESS, "no jump: the clock runs a little faster until it has gained the amount") {
  unsigned per_millisecond;
  struct comparison a;
  struct comparison b;
  struct comparison c;
  (void)adjust(0, 0);
  per_millisecond = cycles_per_millisecond();
  a = compare_clocks();
  (void)adjust(0, 1000);
  b = compare_clocks();
  EXPECT(gained(a, b, per_millisecond) < 300);
  pause_for(4000);
  c = compare_clocks();
  EXPECT(gained(a, c, per_millisecond) > 800);
  EXPECT(gained(a, c, per_millisecond) < 1200);
  EXPECT_EQUAL(adjust(0, 0).microseconds, 0);
}

CONFORMS(host_adjust_time, "a negative adjustment slows the clock, which never goes back") {
  unsigned per_millisecond;
  struct comparison a;
  struct comparison b;
  time_value_t last;
  unsigned i;
  (void)adjust(0, 0);
  per_millisecond = cycles_per_millisecond();
  a = compare_clocks();
  (void)adjust(-20, 0);
  last = host_time();
  for (i = 0; i < 200; i++) {
    time_value_t now;
    pause_for(i % 4 == 0 ? 10 : 0);
    now = host_time();
    EXPECT(time_between(last, now) >= 0);
    last = now;
  }
  b = compare_clocks();
  EXPECT(gained(a, b, per_millisecond) < -500);
  (void)adjust(0, 0);
}

CONFORMS(host_adjust_time, "the old value is what was left of the adjustment before") {
  time_value_t left;
  (void)adjust(0, 0);
  EXPECT_EQUAL(adjust(5, 250000).seconds, 0);
  left = adjust(-3, -500000);
  EXPECT_EQUAL(left.seconds, 5);
  EXPECT((unsigned)left.microseconds <= 250000);
  pause_for(1000);
  left = adjust(0, 0);
  EXPECT_EQUAL(left.seconds, -3);
  EXPECT(left.microseconds > -500000);
  EXPECT(left.microseconds <= 0);
  left = adjust(0, 0);
  EXPECT_EQUAL(left.seconds, 0);
  EXPECT_EQUAL(left.microseconds, 0);
}

CONFORMS(host_adjust_time, "setting the time ends the adjustment") {
  (void)adjust(10, 0);
  EXPECT_SUCCESS(host_set_time(host_control, host_time()));
  EXPECT_EQUAL(adjust(0, 0).seconds, 0);
}

CONFORMS(host_adjust_time, KERN_INVALID_HOST, "the name port is not the privileged one") {
  time_value_t old;
  EXPECT_EQUAL(host_adjust_time(mach_host_self(), (time_value_t){1, 0}, &old), KERN_INVALID_HOST);
  EXPECT_EQUAL(host_adjust_time(mach_task_self(), (time_value_t){1, 0}, &old), KERN_INVALID_HOST);
  EXPECT_EQUAL(adjust(0, 0).seconds, 0);
}
