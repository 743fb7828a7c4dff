#include "tests/conformance/support/messages.h"

CONFORMS(mach_port_set_mscount, KERN_SUCCESS,
         "every value is valid, and making rights counts on from it") {
  static const mach_port_mscount_t values[] = {0, 1, 1000, 0xfffffffe, 0xffffffff};
  const mach_port_t port = make_port();
  unsigned i;
  for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
    EXPECT_SUCCESS(mach_port_set_mscount(mach_task_self(), port, values[i]));
    EXPECT_EQUAL(status_of(port).mps_mscount, values[i]);
  }
  EXPECT_SUCCESS(mach_port_set_mscount(mach_task_self(), port, 41));
  REQUIRE_SUCCESS(mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND));
  EXPECT_EQUAL(status_of(port).mps_mscount, 42);
}

CONFORMS(mach_port_set_mscount, KERN_INVALID_NAME, "the name denotes nothing") {
  EXPECT_EQUAL(mach_port_set_mscount(mach_task_self(), unused_name(), 1), KERN_INVALID_NAME);
}

CONFORMS(mach_port_set_mscount, KERN_INVALID_RIGHT, "the name denotes no receive right") {
  EXPECT_EQUAL(mach_port_set_mscount(mach_task_self(), mach_task_self(), 1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_set_mscount(mach_task_self(), make_set(), 1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_set_mscount(mach_task_self(), make_dead_name(), 1), KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_set_mscount, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_set_mscount(no_task(), make_port(), 1), KERN_INVALID_TASK);
}

CONFORMS(mach_port_set_mscount, "another task's port") {
  mach_port_status_t status;
  const mach_port_t child = make_empty_task();
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_RECEIVE, 0x5000));
  EXPECT_SUCCESS(mach_port_set_mscount(child, 0x5000, 9));
  REQUIRE_SUCCESS(mach_port_get_receive_status(child, 0x5000, &status));
  EXPECT_EQUAL(status.mps_mscount, 9);
}
