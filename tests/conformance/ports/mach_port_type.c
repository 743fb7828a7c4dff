#include "tests/conformance/support/messages.h"

CONFORMS(mach_port_type, KERN_SUCCESS, "the bits of every kind of right") {
  const mach_port_t receive = make_receive();
  const mach_port_t both = make_port();
  EXPECT_EQUAL(type_of(receive), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(type_of(both), MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(type_of(mach_task_self()), MACH_PORT_TYPE_SEND);
  EXPECT_EQUAL(type_of(make_send_once(receive)), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_EQUAL(type_of(make_set()), MACH_PORT_TYPE_PORT_SET);
  EXPECT_EQUAL(type_of(make_dead_name()), MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(mach_port_type, KERN_SUCCESS, "the bits of dead-name and msg-accepted requests") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  request_dead_name(port, notify);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE | MACH_PORT_TYPE_DNREQUEST);
  (void)fill_queue(port);
  make_simple(&m, port, 1);
  REQUIRE_EQUAL(send_with(&m, MACH_SEND_NOTIFY, 0, notify), MACH_SEND_WILL_NOTIFY);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE | MACH_PORT_TYPE_DNREQUEST |
                                  MACH_PORT_TYPE_MAREQUEST);
}

CONFORMS(mach_port_type, "the bits are the ones of the book, one for each right") {
  EXPECT_EQUAL(MACH_PORT_TYPE_SEND, 0x10000);
  EXPECT_EQUAL(MACH_PORT_TYPE_RECEIVE, 0x20000);
  EXPECT_EQUAL(MACH_PORT_TYPE_SEND_ONCE, 0x40000);
  EXPECT_EQUAL(MACH_PORT_TYPE_PORT_SET, 0x80000);
  EXPECT_EQUAL(MACH_PORT_TYPE_DEAD_NAME, 0x100000);
  EXPECT_EQUAL(MACH_PORT_TYPE_DNREQUEST, 0x80000000);
  EXPECT_EQUAL(MACH_PORT_TYPE_MAREQUEST, 0x40000000);
  EXPECT_EQUAL(MACH_PORT_TYPE_COMPAT, 0x20000000);
}

CONFORMS(mach_port_type, KERN_INVALID_NAME, "the name denotes nothing") {
  mach_port_type_t type;
  EXPECT_EQUAL(mach_port_type(mach_task_self(), unused_name(), &type), KERN_INVALID_NAME);
  EXPECT_EQUAL(mach_port_type(mach_task_self(), MACH_PORT_NULL, &type), KERN_INVALID_NAME);
  EXPECT_EQUAL(mach_port_type(mach_task_self(), MACH_PORT_DEAD, &type), KERN_INVALID_NAME);
}

CONFORMS(mach_port_type, KERN_INVALID_TASK, "a port that is no task") {
  mach_port_type_t type;
  EXPECT_EQUAL(mach_port_type(no_task(), make_port(), &type), KERN_INVALID_TASK);
}
