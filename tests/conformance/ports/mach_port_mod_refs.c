#include "tests/conformance/support/messages.h"

static kern_return_t modify(mach_port_t name, mach_port_right_t right, mach_port_delta_t delta) {
  return mach_port_mod_refs(mach_task_self(), name, right, delta);
}

CONFORMS(mach_port_mod_refs, KERN_SUCCESS, "send rights and dead names are counted up and down") {
  const mach_port_t port = make_port();
  const mach_port_t dead = make_dead_name();
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_SEND, 10));
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_SEND, -4));
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_SEND, 0));
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 7);
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_SEND, -7));
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_RECEIVE);
  EXPECT_SUCCESS(modify(dead, MACH_PORT_RIGHT_DEAD_NAME, 3));
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 4);
  EXPECT_SUCCESS(modify(dead, MACH_PORT_RIGHT_DEAD_NAME, -4));
  EXPECT_EQUAL(type_of(dead), 0);
}

CONFORMS(mach_port_mod_refs, KERN_SUCCESS,
         "a receive right goes alone; its send right becomes a dead name") {
  const mach_port_t port = make_port();
  const mach_port_t alone = make_receive();
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_RECEIVE, 0));
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_RECEIVE, -1));
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_SUCCESS(modify(alone, MACH_PORT_RIGHT_RECEIVE, -1));
  EXPECT_EQUAL(type_of(alone), 0);
}

CONFORMS(mach_port_mod_refs, KERN_SUCCESS,
         "port sets and send-once rights have one reference to give up") {
  const mach_port_t set = make_set();
  const mach_port_t port = make_receive();
  const mach_port_t once = make_send_once(port);
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), port, set));
  EXPECT_SUCCESS(modify(set, MACH_PORT_RIGHT_PORT_SET, -1));
  EXPECT_EQUAL(type_of(set), 0);
  EXPECT_EQUAL(status_of(port).mps_pset, MACH_PORT_NULL);
  EXPECT_SUCCESS(modify(once, MACH_PORT_RIGHT_SEND_ONCE, -1));
  EXPECT_EQUAL(type_of(once), 0);
  (void)expect_notification(port, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_port_mod_refs, "destroying one right leaves the other, with its dead-name request") {
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  request_dead_name(port, notify);
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_SEND, -1));
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_RECEIVE | MACH_PORT_TYPE_DNREQUEST);
  EXPECT(is_empty(notify));
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_RECEIVE, -1));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_PORT_DELETED), port);
}

CONFORMS(mach_port_mod_refs, "the last send right of all gives a no-senders notification") {
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  mach_port_t previous;
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_NO_SENDERS, 1,
                                                 notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_SEND, 1));
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_SEND, -1));
  EXPECT(is_empty(notify));
  EXPECT_SUCCESS(modify(port, MACH_PORT_RIGHT_SEND, -1));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_NO_SENDERS), 1);
}

CONFORMS(mach_port_mod_refs, KERN_INVALID_VALUE,
         "no such right, and counts that would be negative") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  const mach_port_t dead = make_dead_name();
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_NUMBER, -1), KERN_INVALID_VALUE);
  EXPECT_EQUAL(modify(port, ~0u, -1), KERN_INVALID_VALUE);
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_SEND, -2), KERN_INVALID_VALUE);
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_SEND, (mach_port_delta_t)0x80000000),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_RECEIVE, -2), KERN_INVALID_VALUE);
  EXPECT_EQUAL(modify(set, MACH_PORT_RIGHT_PORT_SET, -2), KERN_INVALID_VALUE);
  EXPECT_EQUAL(modify(dead, MACH_PORT_RIGHT_DEAD_NAME, -2), KERN_INVALID_VALUE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
}

CONFORMS(mach_port_mod_refs,
         "receive rights, port sets and send-once rights cannot be counted up") {
  const mach_port_t port = make_port();
  EXPECT(modify(port, MACH_PORT_RIGHT_RECEIVE, 1) != KERN_SUCCESS);
  EXPECT(modify(make_set(), MACH_PORT_RIGHT_PORT_SET, 1) != KERN_SUCCESS);
  EXPECT(modify(make_send_once(port), MACH_PORT_RIGHT_SEND_ONCE, 1) != KERN_SUCCESS);
}

CONFORMS(mach_port_mod_refs, KERN_INVALID_NAME, "the name denotes nothing") {
  EXPECT_EQUAL(modify(unused_name(), MACH_PORT_RIGHT_SEND, -1), KERN_INVALID_NAME);
  EXPECT_EQUAL(modify(MACH_PORT_NULL, MACH_PORT_RIGHT_SEND, -1), KERN_INVALID_NAME);
  EXPECT_EQUAL(modify(MACH_PORT_DEAD, MACH_PORT_RIGHT_DEAD_NAME, -1), KERN_INVALID_NAME);
}

CONFORMS(mach_port_mod_refs, KERN_INVALID_RIGHT, "the name denotes another kind of right") {
  const mach_port_t port = make_receive();
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_SEND, 1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_SEND_ONCE, -1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_PORT_SET, -1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_DEAD_NAME, -1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(modify(make_set(), MACH_PORT_RIGHT_RECEIVE, -1), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(modify(make_dead_name(), MACH_PORT_RIGHT_SEND, -1), KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_mod_refs, KERN_UREFS_OVERFLOW, "more references than there can be") {
  const mach_port_t port = make_port();
  const mach_port_t dead = make_dead_name();
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_SEND, (mach_port_delta_t)MACH_PORT_UREFS_MAX),
               KERN_UREFS_OVERFLOW);
  EXPECT_EQUAL(modify(port, MACH_PORT_RIGHT_SEND, 0x7fffffff), KERN_UREFS_OVERFLOW);
  EXPECT_EQUAL(modify(dead, MACH_PORT_RIGHT_DEAD_NAME, (mach_port_delta_t)MACH_PORT_UREFS_MAX),
               KERN_UREFS_OVERFLOW);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
}

CONFORMS(mach_port_mod_refs, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_mod_refs(no_task(), make_port(), MACH_PORT_RIGHT_SEND, 1),
               KERN_INVALID_TASK);
}
