#include "tests/conformance/support/messages.h"

static kern_return_t move(mach_port_t member, mach_port_t after) {
  return mach_port_move_member(mach_task_self(), member, after);
}

CONFORMS(mach_port_move_member, KERN_SUCCESS, "into a set, into another, and out") {
  const mach_port_t port = make_port();
  const mach_port_t first = make_set();
  const mach_port_t second = make_set();
  EXPECT_SUCCESS(move(port, first));
  EXPECT_EQUAL(status_of(port).mps_pset, first);
  EXPECT_SUCCESS(move(port, first));
  EXPECT_EQUAL(status_of(port).mps_pset, first);
  EXPECT_SUCCESS(move(port, second));
  EXPECT_EQUAL(status_of(port).mps_pset, second);
  EXPECT_SUCCESS(move(port, MACH_PORT_NULL));
  EXPECT_EQUAL(status_of(port).mps_pset, MACH_PORT_NULL);
}

CONFORMS(mach_port_move_member, "messages go with the port") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  make_simple(&m, port, 9);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_SUCCESS(move(port, set));
  REQUIRE_EQUAL(receive_message(&m, set), MACH_MSG_SUCCESS);
  make_simple(&m, port, 10);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_SUCCESS(move(port, MACH_PORT_NULL));
  EXPECT(is_empty(set));
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_seqno, 1);
}

CONFORMS(mach_port_move_member, "a receive right that is sent away leaves the set") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  mach_port_array_t members;
  mach_msg_type_number_t count = 7;
  EXPECT_SUCCESS(move(port, set));
  REQUIRE_SUCCESS(mach_port_insert_right(make_empty_task(), 0x5000, port,
                                         MACH_MSG_TYPE_MOVE_RECEIVE));
  REQUIRE_SUCCESS(mach_port_get_set_status(mach_task_self(), set, &members, &count));
  EXPECT_EQUAL(count, 0);
}

CONFORMS(mach_port_move_member, KERN_INVALID_NAME, "member or set denote nothing") {
  const mach_port_t port = make_port();
  EXPECT_EQUAL(move(unused_name(), make_set()), KERN_INVALID_NAME);
  EXPECT_EQUAL(move(MACH_PORT_NULL, make_set()), KERN_INVALID_NAME);
  EXPECT_EQUAL(move(port, unused_name()), KERN_INVALID_NAME);
  EXPECT_EQUAL(move(port, MACH_PORT_DEAD), KERN_INVALID_NAME);
}

CONFORMS(mach_port_move_member, KERN_INVALID_RIGHT, "no receive right, or no set") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  EXPECT_EQUAL(move(set, set), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(move(make_dead_name(), set), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(move(mach_task_self(), set), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(move(port, port), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(move(port, make_dead_name()), KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_move_member, KERN_NOT_IN_SET, "out of a set, but in none") {
  EXPECT_EQUAL(move(make_port(), MACH_PORT_NULL), KERN_NOT_IN_SET);
}

CONFORMS(mach_port_move_member, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_move_member(no_task(), make_port(), make_set()), KERN_INVALID_TASK);
}
