#include "tests/conformance/ports/notified.h"

CONFORMS(notify_server, TRUE, "every notification reaches its function") {
  const mach_port_t port = make_receive();
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), make_send_once(port)));
  PLAIN(port, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(notify_server, FALSE, "other messages are left alone") {
  static const mach_msg_id_t ids[] = {0,  MACH_NOTIFY_FIRST, MACH_NOTIFY_FIRST + 3,
                                      68, MACH_NOTIFY_DEAD_NAME + 1, 2400, -1};
  unsigned i;
  for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
    struct message in;
    struct message out;
    make_simple(&in, MACH_PORT_NULL, ids[i]);
    EXPECT_EQUAL(notify_server(&in.head, &out.head), FALSE);
    EXPECT_EQUAL(notified.calls, 0);
  }
}

CONFORMS(notify_server, "a message that only has the id of a notification calls nothing") {
  struct message in;
  struct message out;
  start_message(&in, MACH_PORT_NULL, 0, MACH_NOTIFY_DEAD_NAME);
  (void)notify_server(&in.head, &out.head);
  EXPECT_EQUAL(notified.calls, 0);
  start_message(&in, MACH_PORT_NULL, 0, MACH_NOTIFY_PORT_DESTROYED);
  add_integer(&in, 5);
  (void)notify_server(&in.head, &out.head);
  EXPECT_EQUAL(notified.calls, 0);
}

static int served;

static boolean_t serve(mach_msg_header_t *in, mach_msg_header_t *out) {
  served++;
  return notify_server(in, out);
}

CONFORMS(notify_server, "mach_msg_server with it serves notifications and sends no answers") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  const mach_port_t other = make_port();
  request(port, MACH_NOTIFY_DEAD_NAME, 0, notify);
  request(other, MACH_NOTIFY_PORT_DESTROYED, 0, notify);
  kill_port(port);
  kill_port(other);
  EXPECT_EQUAL(mach_msg_server_timeout(serve, 512, notify, MACH_RCV_TIMEOUT, 50),
               MACH_RCV_TIMED_OUT);
  EXPECT_EQUAL(served, 2);
  EXPECT_EQUAL(notified.calls, 2);
  EXPECT_EQUAL(type_of(other), MACH_PORT_TYPE_SEND_RECEIVE);
}

CONFORMS(notify_server, "a function that fails gives the receive right it got back to its end") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  request(port, MACH_NOTIFY_PORT_DESTROYED, 0, notify);
  kill_port(port);
  notified_result = KERN_FAILURE;
  EXPECT_EQUAL(mach_msg_server_timeout(notify_server, 512, notify, MACH_RCV_TIMEOUT, 50),
               MACH_RCV_TIMED_OUT);
  EXPECT_EQUAL(notified.calls, 1);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_DEAD_NAME);
}
