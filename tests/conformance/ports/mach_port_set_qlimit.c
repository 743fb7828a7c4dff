#include "tests/conformance/support/messages.h"

CONFORMS(mach_port_set_qlimit, KERN_SUCCESS, "so many messages are queued before senders block") {
  mach_port_msgcount_t limit;
  for (limit = 0; limit <= MACH_PORT_QLIMIT_MAX; limit += 4) {
    const mach_port_t port = make_port();
    EXPECT_SUCCESS(mach_port_set_qlimit(mach_task_self(), port, limit));
    EXPECT_EQUAL(status_of(port).mps_qlimit, limit);
    EXPECT_EQUAL(fill_queue(port), limit);
  }
}

CONFORMS(mach_port_set_qlimit, KERN_SUCCESS,
         "a limit below the number of queued messages loses none") {
  struct message m;
  const mach_port_t port = make_port();
  const unsigned count = fill_queue(port);
  unsigned i;
  EXPECT_SUCCESS(mach_port_set_qlimit(mach_task_self(), port, 1));
  EXPECT_EQUAL(status_of(port).mps_msgcount, count);
  for (i = 0; i < count; i++) REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(fill_queue(port), 1);
}

CONFORMS(mach_port_set_qlimit, KERN_INVALID_VALUE, "more than MACH_PORT_QLIMIT_MAX") {
  const mach_port_t port = make_port();
  EXPECT_EQUAL(mach_port_set_qlimit(mach_task_self(), port, MACH_PORT_QLIMIT_MAX + 1),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_set_qlimit(mach_task_self(), port, ~0u), KERN_INVALID_VALUE);
  EXPECT_EQUAL(status_of(port).mps_qlimit, MACH_PORT_QLIMIT_DEFAULT);
}

CONFORMS(mach_port_set_qlimit, KERN_INVALID_NAME, "the name denotes nothing") {
  EXPECT_EQUAL(mach_port_set_qlimit(mach_task_self(), unused_name(), 1), KERN_INVALID_NAME);
}

CONFORMS(mach_port_set_qlimit, KERN_INVALID_RIGHT, "the name denotes no receive right") {
  EXPECT_EQUAL(mach_port_set_qlimit(mach_task_self(), mach_task_self(), 1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_set_qlimit(mach_task_self(), make_set(), 1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_set_qlimit(mach_task_self(), make_dead_name(), 1), KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_set_qlimit, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_set_qlimit(no_task(), make_port(), 1), KERN_INVALID_TASK);
}

CONFORMS(mach_port_set_qlimit, "the constants of <mach.h>") {
  EXPECT(MACH_PORT_QLIMIT_DEFAULT <= MACH_PORT_QLIMIT_MAX);
  EXPECT_EQUAL(status_of(make_receive()).mps_qlimit, MACH_PORT_QLIMIT_DEFAULT);
}
