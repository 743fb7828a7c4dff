#include "tests/conformance/hosts/time.h"

CONFORMS(host_set_time, KERN_SUCCESS, "the time is what was set, forward and back, and goes on from there") {
  const time_value_t start = host_time();
  static const int offsets[] = {1000000, -1000000, 86400, -86400, 1};
  unsigned i;
  for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
    time_value_t t = {start.seconds + offsets[i], 250000};
    EXPECT_SUCCESS(host_set_time(host_control, t));
    EXPECT(time_between(t, host_time()) >= 0);
    EXPECT(time_between(t, host_time()) < 300000);
    pause_for(100);
    EXPECT(time_between(t, host_time()) >= 100000);
  }
  EXPECT_SUCCESS(host_set_time(host_control, start));
}

CONFORMS(host_set_time, "time-outs do not depend on it") {
  struct message m;
  const time_value_t start = host_time();
  time_value_t later = start;
  const mach_port_t port = make_port();
  later.seconds += 100000;
  EXPECT_SUCCESS(host_set_time(host_control, later));
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, port, sizeof(m), 200, 0), MACH_RCV_TIMED_OUT);
  EXPECT(time_between(later, host_time()) >= 200000);
  EXPECT(time_between(later, host_time()) < 600000);
  EXPECT_SUCCESS(host_set_time(host_control, start));
}

CONFORMS(host_set_time, KERN_NO_ACCESS, "the name port is not the privileged one") {
  const time_value_t now = host_time();
  EXPECT_EQUAL(host_set_time(mach_host_self(), (time_value_t){0, 0}), KERN_NO_ACCESS);
  EXPECT_EQUAL(host_set_time(mach_task_self(), (time_value_t){0, 0}), KERN_NO_ACCESS);
  EXPECT(time_between(now, host_time()) >= 0);
}
