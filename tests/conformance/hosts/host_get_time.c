#include "tests/conformance/hosts/time.h"

CONFORMS(host_get_time, KERN_SUCCESS, "the date, and it moves as time passes") {
  const time_value_t a = host_time();
  time_value_t b;
  EXPECT(a.seconds > 1700000000); /* the machine's clock is right: after 2023 */
  EXPECT((unsigned)a.microseconds < 1000000);
  pause_for(500);
  b = host_time();
  EXPECT(time_between(a, b) >= 500000);
  EXPECT(time_between(a, b) < 900000);
}

CONFORMS(host_get_time, "never goes back, also between clock ticks; the control port will do as well") {
  time_value_t a = host_time();
  time_value_t b;
  unsigned different = 0;
  unsigned i;
  for (i = 0; i < 3000; i++) {
    EXPECT_SUCCESS(host_get_time(i % 2 ? host_control : mach_host_self(), &b));
    REQUIRE(time_between(a, b) >= 0);
    different += time_between(a, b) > 0;
    a = b;
  }
  EXPECT(different > 100);
}
