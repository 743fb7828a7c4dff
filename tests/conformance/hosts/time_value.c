#include "tests/conformance/hosts/time.h"

CONFORMS(time_value, "two words; microseconds stay below a second, as a time and as an adjustment left") {
  time_value_t t = {5, 999990};
  const time_value_t more = {2, 20};
  time_value_t old;
  unsigned i;
  EXPECT_EQUAL(sizeof(struct time_value), 8);
  time_value_add(&t, &more);
  EXPECT_EQUAL(t.seconds, 8);
  EXPECT_EQUAL(t.microseconds, 10);
  for (i = 0; i < 500; i++) EXPECT((unsigned)host_time().microseconds < 1000000);
  EXPECT_SUCCESS(host_adjust_time(host_control, (time_value_t){3, 999999}, &old));
  EXPECT_SUCCESS(host_adjust_time(host_control, (time_value_t){0, 0}, &old));
  EXPECT_EQUAL(old.seconds, 3);
  EXPECT((unsigned)old.microseconds < 1000000);
}

CONFORMS(time_value, "values out of range are refused") {
  time_value_t old;
  EXPECT_EQUAL(host_set_time(host_control, (time_value_t){1000, 1000000}), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(host_set_time(host_control, (time_value_t){1000, -1}), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(host_adjust_time(host_control, (time_value_t){0, 1000000}, &old),
               KERN_INVALID_ARGUMENT);
}
