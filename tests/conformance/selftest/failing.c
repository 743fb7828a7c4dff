/* Cases that must fail, each in its way, and leave the next one unharmed. */
#include "tests/conformance/support/conformance.h"

static void loop(void *argument) {
  (void)argument;
  for (;;) {
  }
}

static void set_to_five(void *argument) { *(volatile int *)argument = 5; }

CONFORMS(failing, "first") { EXPECT(mach_task_self() != MACH_PORT_NULL); }

CONFORMS(failing, "faults") {
  EXPECT(1);
  *(volatile int *)8 = 1;
}

CONFORMS(failing, "hangs") {
  time_limit(100);
  EXPECT(1);
  loop(0);
}

CONFORMS(failing, "ends its task") { (void)task_terminate(mach_task_self()); }

CONFORMS(failing, "checks nothing") {}

CONFORMS(failing, "is wrong, and goes on") {
  EXPECT_EQUAL(2 + 2, 5);
  EXPECT(1 > 2);
}

CONFORMS(failing, "is wrong, and stops") {
  REQUIRE_EQUAL(2 + 2, 5);
  EXPECT(1 > 2);
}

CONFORMS(failing, "faults in a task of its own") {
  EXPECT(start_task((void (*)(void *))16, 0, 0) != MACH_PORT_NULL);
  pause_for(500);
}

CONFORMS(failing, "leaves a task behind") {
  EXPECT(start_task(loop, 0, 0) != MACH_PORT_NULL);
}

CONFORMS(failing, "last: memory is its own, and shared where it asks for it") {
  static volatile int own;
  volatile int *shared = shared_memory(sizeof(*shared));
  REQUIRE(start_task(set_to_five, (void *)&own, 0) != MACH_PORT_NULL);
  REQUIRE(start_task(set_to_five, (void *)shared, 0) != MACH_PORT_NULL);
  EXPECT(wait_until(shared, 5, 2000));
  EXPECT_EQUAL(own, 0);
}
