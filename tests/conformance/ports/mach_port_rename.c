#include "tests/conformance/support/shortage.h"

static kern_return_t rename(mach_port_t from, mach_port_t to) {
  return mach_port_rename(mach_task_self(), from, to);
}

CONFORMS(mach_port_rename, KERN_SUCCESS,
         "ports, sets, dead names and send-once rights change names") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  const mach_port_t dead = make_dead_name();
  const mach_port_t once = make_send_once(port);
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), port, set));
  EXPECT_SUCCESS(rename(port, 0x500000));
  EXPECT_SUCCESS(rename(set, 0x500100));
  EXPECT_SUCCESS(rename(dead, 0x500200));
  EXPECT_SUCCESS(rename(once, 0x500300));
  EXPECT_EQUAL(type_of(port) | type_of(set) | type_of(dead) | type_of(once), 0);
  EXPECT_EQUAL(type_of(0x500000), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQUAL(status_of(0x500000).mps_pset, 0x500100);
  EXPECT_EQUAL(type_of(0x500200), MACH_PORT_TYPE_DEAD_NAME);
  start_message(&m, 0x500300, MACH_MSG_TYPE_MOVE_SEND_ONCE, 8);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, 0x500100), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_local_port, 0x500000);
}

CONFORMS(mach_port_rename, "references, requests and arriving rights follow the name") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t to = make_port();
  const mach_port_t notify = make_receive();
  const mach_port_t child = make_empty_task();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 2));
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  request_dead_name(port, notify);
  EXPECT_SUCCESS(rename(port, 0x500000));
  EXPECT_EQUAL(refs_of(0x500000, MACH_PORT_RIGHT_SEND), 3);
  EXPECT_EQUAL(type_of(0x500000), MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_DNREQUEST);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, 0x500000, MACH_MSG_TYPE_COPY_SEND);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), 0x500000);
  REQUIRE_SUCCESS(mach_port_destroy(child, 0x5000));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_DEAD_NAME), 0x500000);
}

CONFORMS(mach_port_rename, KERN_INVALID_NAME, "the old name denotes nothing") {
  EXPECT_EQUAL(rename(unused_name(), 0x500000), KERN_INVALID_NAME);
  EXPECT_EQUAL(rename(MACH_PORT_NULL, 0x500000), KERN_INVALID_NAME);
  EXPECT_EQUAL(rename(MACH_PORT_DEAD, 0x500000), KERN_INVALID_NAME);
  EXPECT_EQUAL(type_of(0x500000), 0);
}

CONFORMS(mach_port_rename, KERN_INVALID_VALUE, "the reserved names") {
  const mach_port_t port = make_port();
  EXPECT_EQUAL(rename(port, MACH_PORT_NULL), KERN_INVALID_VALUE);
  EXPECT_EQUAL(rename(port, MACH_PORT_DEAD), KERN_INVALID_VALUE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
}

CONFORMS(mach_port_rename, KERN_NAME_EXISTS, "the new name is in use") {
  const mach_port_t port = make_port();
  const mach_port_t dead = make_dead_name();
  EXPECT_EQUAL(rename(port, dead), KERN_NAME_EXISTS);
  EXPECT_EQUAL(rename(dead, port), KERN_NAME_EXISTS);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQUAL(type_of(dead), MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(mach_port_rename, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_rename(no_task(), make_port(), 0x500000), KERN_INVALID_TASK);
}

CONFORMS(mach_port_rename, KERN_RESOURCE_SHORTAGE, "no kernel memory for the new name") {
  const mach_port_t port = make_port();
  exhaust_kernel_memory();
  free_a_message();
  EXPECT_EQUAL(rename(port, 0x70000001), KERN_RESOURCE_SHORTAGE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
}
