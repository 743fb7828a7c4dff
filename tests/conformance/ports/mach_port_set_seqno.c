#include "tests/conformance/support/messages.h"

CONFORMS(mach_port_set_seqno, KERN_SUCCESS, "the next message received has this number") {
  static const mach_port_seqno_t values[] = {0, 7, 0xffffffff};
  struct message m;
  const mach_port_t port = make_port();
  unsigned i;
  for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
    make_simple(&m, port, 1);
    REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
    REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
    EXPECT_SUCCESS(mach_port_set_seqno(mach_task_self(), port, values[i]));
    EXPECT_EQUAL(status_of(port).mps_seqno, values[i]);
    REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
    EXPECT_EQUAL(m.head.msgh_seqno, values[i]);
    REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
    EXPECT_EQUAL(m.head.msgh_seqno, values[i] + 1);
  }
}

CONFORMS(mach_port_set_seqno, KERN_INVALID_NAME, "the name denotes nothing") {
  EXPECT_EQUAL(mach_port_set_seqno(mach_task_self(), unused_name(), 1), KERN_INVALID_NAME);
}

CONFORMS(mach_port_set_seqno, KERN_INVALID_RIGHT, "the name denotes no receive right") {
  EXPECT_EQUAL(mach_port_set_seqno(mach_task_self(), mach_task_self(), 1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_set_seqno(mach_task_self(), make_set(), 1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_set_seqno(mach_task_self(), make_dead_name(), 1), KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_set_seqno, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_set_seqno(no_task(), make_port(), 1), KERN_INVALID_TASK);
}

CONFORMS(mach_port_set_seqno, "a receive right that moves begins at zero again") {
  mach_port_status_t status;
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  EXPECT_SUCCESS(mach_port_set_seqno(mach_task_self(), port, 99));
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  REQUIRE_SUCCESS(mach_port_get_receive_status(child, 0x5000, &status));
  EXPECT_EQUAL(status.mps_seqno, 0);
}
