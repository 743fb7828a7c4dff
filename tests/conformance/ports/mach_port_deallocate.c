#include "tests/conformance/support/messages.h"

static kern_return_t deallocate(mach_port_t name) {
  return mach_port_deallocate(mach_task_self(), name);
}

CONFORMS(mach_port_deallocate, KERN_SUCCESS,
         "a send right loses a reference, and goes with the last") {
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 1));
  EXPECT_SUCCESS(deallocate(port));
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
  EXPECT_SUCCESS(deallocate(port));
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_RECEIVE);
  EXPECT(!status_of(port).mps_srights);
}

CONFORMS(mach_port_deallocate, KERN_SUCCESS,
         "a send right whose port has died is a dead name by then") {
  const mach_port_t port = make_port();
  kill_port(port);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_SUCCESS(deallocate(port));
  EXPECT_EQUAL(type_of(port), 0);
}

CONFORMS(mach_port_deallocate, KERN_SUCCESS, "a dead name loses a reference") {
  const mach_port_t dead = make_dead_name();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), dead, MACH_PORT_RIGHT_DEAD_NAME, 1));
  EXPECT_SUCCESS(deallocate(dead));
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 1);
  EXPECT_SUCCESS(deallocate(dead));
  EXPECT_EQUAL(type_of(dead), 0);
}

CONFORMS(mach_port_deallocate, KERN_SUCCESS, "a send-once right is destroyed, which is notified") {
  const mach_port_t port = make_receive();
  const mach_port_t once = make_send_once(port);
  EXPECT_SUCCESS(deallocate(once));
  EXPECT_EQUAL(type_of(once), 0);
  (void)expect_notification(port, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_port_deallocate,
         "the last reference of a name with a dead-name request: port-deleted") {
  const mach_port_t notify = make_receive();
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  request_dead_name(port, notify);
  EXPECT_SUCCESS(deallocate(port));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_PORT_DELETED), port);
}

CONFORMS(mach_port_deallocate, KERN_INVALID_NAME, "the name denotes nothing") {
  EXPECT_EQUAL(deallocate(unused_name()), KERN_INVALID_NAME);
  EXPECT_EQUAL(deallocate(MACH_PORT_NULL), KERN_INVALID_NAME);
  EXPECT_EQUAL(deallocate(MACH_PORT_DEAD), KERN_INVALID_NAME);
}

CONFORMS(mach_port_deallocate, KERN_INVALID_RIGHT,
         "receive rights and port sets have no references to give up") {
  const mach_port_t port = make_receive();
  const mach_port_t set = make_set();
  EXPECT_EQUAL(deallocate(port), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(deallocate(set), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(type_of(set), MACH_PORT_TYPE_PORT_SET);
}

CONFORMS(mach_port_deallocate, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_deallocate(no_task(), make_dead_name()), KERN_INVALID_TASK);
}
