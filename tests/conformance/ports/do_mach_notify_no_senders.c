#include "tests/conformance/ports/notified.h"

CONFORMS(do_mach_notify_no_senders, KERN_SUCCESS, do_seqnos_mach_notify_no_senders,
         "called with the make-send count when the last send right goes") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  request(port, MACH_NOTIFY_NO_SENDERS, 1, notify);
  EXPECT_SUCCESS(mach_port_deallocate(mach_task_self(), port));
  PLAIN(notify, MACH_NOTIFY_NO_SENDERS);
  EXPECT_EQUAL(notified.value, 1);
  REQUIRE_SUCCESS(mach_port_set_mscount(mach_task_self(), port, 0x80000001));
  REQUIRE_SUCCESS(mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND));
  request(port, MACH_NOTIFY_NO_SENDERS, 1, notify);
  EXPECT_SUCCESS(mach_port_deallocate(mach_task_self(), port));
  NUMBERED(notify, MACH_NOTIFY_NO_SENDERS, 1);
  EXPECT_EQUAL(notified.value, 0x80000002);
}

CONFORMS(do_mach_notify_no_senders, "send rights in messages are senders") {
  struct message m;
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  const mach_port_t to = make_port();
  request(port, MACH_NOTIFY_NO_SENDERS, 1, notify);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, port, MACH_MSG_TYPE_MOVE_SEND);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT(is_empty(notify));
  kill_port(to);
  PLAIN(notify, MACH_NOTIFY_NO_SENDERS);
}
