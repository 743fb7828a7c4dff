#include "tests/conformance/ports/notified.h"

CONFORMS(do_mach_notify_port_destroyed, KERN_SUCCESS, do_seqnos_mach_notify_port_destroyed,
         "called with the receive right that would have been destroyed") {
  struct message m;
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  make_simple(&m, port, 55);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  request(port, MACH_NOTIFY_PORT_DESTROYED, 0, notify);
  kill_port(port);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND);
  PLAIN(notify, MACH_NOTIFY_PORT_DESTROYED);
  EXPECT_EQUAL(notified.value, port);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT(!status_of(port).mps_pdrequest);
  request(port, MACH_NOTIFY_PORT_DESTROYED, 0, notify);
  kill_port(port);
  NUMBERED(notify, MACH_NOTIFY_PORT_DESTROYED, 1);
  REQUIRE_EQUAL(receive_message(&m, notified.value), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 55);
}

CONFORMS(do_mach_notify_port_destroyed, "the end of a task gives its receive rights back") {
  const mach_port_t notify = make_receive();
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  request(port, MACH_NOTIFY_PORT_DESTROYED, 0, notify);
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  EXPECT(is_empty(notify));
  REQUIRE_SUCCESS(task_terminate(child));
  PLAIN(notify, MACH_NOTIFY_PORT_DESTROYED);
  EXPECT_EQUAL(notified.value, port);
}

CONFORMS(do_mach_notify_port_destroyed,
         "the last request of a port that notifies itself ends with it") {
  const mach_port_t port = make_port();
  const mach_port_t watched = make_receive();
  struct message m;
  request(port, MACH_NOTIFY_PORT_DESTROYED, 0, port);
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, watched, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  kill_port(port);
  PLAIN(watched, MACH_NOTIFY_SEND_ONCE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_DEAD_NAME);
}
