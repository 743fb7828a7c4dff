#include "tests/conformance/ports/notified.h"

CONFORMS(seqnos_notify_server, TRUE, "the functions get the sequence number of the message") {
  const mach_port_t port = make_receive();
  unsigned i;
  for (i = 0; i < 5; i++) {
    EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), make_send_once(port)));
    NUMBERED(port, MACH_NOTIFY_SEND_ONCE, i);
  }
  REQUIRE_SUCCESS(mach_port_set_seqno(mach_task_self(), port, 0x12345678));
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), make_send_once(port)));
  NUMBERED(port, MACH_NOTIFY_SEND_ONCE, 0x12345678);
}

CONFORMS(seqnos_notify_server, FALSE, "other messages are left alone") {
  struct message in;
  struct message out;
  make_simple(&in, MACH_PORT_NULL, 2400);
  EXPECT_EQUAL(seqnos_notify_server(&in.head, &out.head), FALSE);
  make_simple(&in, MACH_PORT_NULL, MACH_NOTIFY_LAST);
  EXPECT_EQUAL(seqnos_notify_server(&in.head, &out.head), FALSE);
  EXPECT_EQUAL(notified.calls, 0);
}

CONFORMS(seqnos_notify_server, "differs from notify_server in the numbers only") {
  const mach_port_t port = make_receive();
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), make_send_once(port)));
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), make_send_once(port)));
  PLAIN(port, MACH_NOTIFY_SEND_ONCE);
  NUMBERED(port, MACH_NOTIFY_SEND_ONCE, 1);
}
