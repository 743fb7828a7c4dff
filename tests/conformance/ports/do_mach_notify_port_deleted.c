#include "tests/conformance/ports/notified.h"

CONFORMS(do_mach_notify_port_deleted, KERN_SUCCESS, do_seqnos_mach_notify_port_deleted,
         "called with the name that denotes no right any more") {
  struct message m;
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_receive();
  const mach_port_t used = make_send_once(port);
  const mach_port_t gone = make_send_once(port);
  request(used, MACH_NOTIFY_DEAD_NAME, 0, notify);
  request(gone, MACH_NOTIFY_DEAD_NAME, 0, notify);
  start_message(&m, used, MACH_MSG_TYPE_MOVE_SEND_ONCE, 1);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  PLAIN(notify, MACH_NOTIFY_PORT_DELETED);
  EXPECT_EQUAL(notified.value, used);
  REQUIRE_SUCCESS(mach_port_destroy(mach_task_self(), gone));
  NUMBERED(notify, MACH_NOTIFY_PORT_DELETED, 1);
  EXPECT_EQUAL(notified.value, gone);
}

CONFORMS(do_mach_notify_port_deleted, "moving a right with the last reference deletes its name") {
  struct message m;
  const mach_port_t notify = make_receive();
  const mach_port_t child = make_empty_task();
  const mach_port_t to = make_port();
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  request(port, MACH_NOTIFY_DEAD_NAME, 0, notify);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 1);
  add_port(&m, port, MACH_MSG_TYPE_MOVE_SEND);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  PLAIN(notify, MACH_NOTIFY_PORT_DELETED);
  EXPECT_EQUAL(notified.value, port);
}

CONFORMS(do_mach_notify_port_deleted,
         "moving a receive right without send rights deletes its name") {
  const mach_port_t notify = make_receive();
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_receive();
  request(port, MACH_NOTIFY_DEAD_NAME, 0, notify);
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  PLAIN(notify, MACH_NOTIFY_PORT_DELETED);
  EXPECT_EQUAL(notified.value, port);
}
