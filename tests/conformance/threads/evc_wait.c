/* With the event count that the clock interrupt signals. */
#include <device/device.h>
#include <device/time_status.h>

#include "tests/conformance/support/threads.h"

static unsigned event;

static void find_event(void) {
  mach_port_t device = MACH_PORT_NULL;
  int status[TIME_GET_EVENT_COUNT] = {0};
  mach_msg_type_number_t count = TIME_GET_EVENT_COUNT;
  REQUIRE_SUCCESS(device_open(device_master, D_READ, "time", &device));
  REQUIRE_SUCCESS(device_get_status(device, TIME_GET_EVENT, status, &count));
  event = (unsigned)status[0];
}

static unsigned now(void) {
  time_value_t t;
  REQUIRE_SUCCESS(host_get_time(mach_host_self(), &t));
  return microseconds_of(t);
}

CONFORMS(evc_wait, KERN_SUCCESS, "waits for the next event when the count is zero") {
  unsigned start;
  unsigned i;
  find_event();
  EXPECT_SUCCESS(evc_wait_clear(event)); /* forgets those that have been counted */
  start = now();
  for (i = 0; i < 20; i++) EXPECT_SUCCESS(evc_wait(event));
  EXPECT(now() - start >= 20000); /* 200 ms, but late interrupts may come close together */
}

CONFORMS(evc_wait, "no event is lost: each one that occurred is one wait less") {
  unsigned start;
  unsigned i;
  find_event();
  EXPECT_SUCCESS(evc_wait_clear(event));
  start = now();
  while (now() - start < 300000) {
  }
  for (i = 0; i < 25; i++) EXPECT_SUCCESS(evc_wait(event));
  EXPECT(now() - start < 450000);
}

static void wait_for_ever(void *unused) {
  (void)unused;
  for (;;) (void)evc_wait_clear(event);
}

CONFORMS(evc_wait, KERN_NO_SPACE, "one thread may wait, no more") {
  mach_port_t thread;
  unsigned i;
  find_event();
  thread = make_thread(mach_task_self(), wait_for_ever, 0);
  REQUIRE_SUCCESS(thread_priority(mach_thread_self(), 20, FALSE));
  REQUIRE_SUCCESS(thread_priority(thread, 8, FALSE));
  REQUIRE_SUCCESS(thread_resume(thread));
  for (i = 0; i < 50; i++) EXPECT_EQUAL(evc_wait(event), KERN_NO_SPACE);
  REQUIRE_SUCCESS(thread_terminate(thread));
  EXPECT_SUCCESS(evc_wait(event));
}

CONFORMS(evc_wait, KERN_INVALID_ARGUMENT, "no such event") {
  EXPECT_EQUAL(evc_wait(0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(evc_wait(31), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(evc_wait(4711), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(evc_wait(0xffffffffu), KERN_INVALID_ARGUMENT);
}
