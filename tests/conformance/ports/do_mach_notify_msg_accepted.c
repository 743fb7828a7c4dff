#include "tests/conformance/ports/notified.h"

static void force_and_accept(mach_port_t port, mach_port_t notify) {
  struct message m;
  unsigned count = fill_queue(port);
  make_simple(&m, port, 1);
  REQUIRE_EQUAL(send_with(&m, MACH_SEND_NOTIFY, 0, notify), MACH_SEND_WILL_NOTIFY);
  EXPECT(is_empty(notify));
  for (count++; count != 0; count--) REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
}

CONFORMS(do_mach_notify_msg_accepted, KERN_SUCCESS, do_seqnos_mach_notify_msg_accepted,
         "called with the name of the right a message was forced to") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  force_and_accept(port, notify);
  PLAIN(notify, MACH_NOTIFY_MSG_ACCEPTED);
  EXPECT_EQUAL(notified.value, port);
  force_and_accept(port, notify);
  NUMBERED(notify, MACH_NOTIFY_MSG_ACCEPTED, 1);
  EXPECT_EQUAL(notified.value, port);
}

CONFORMS(do_mach_notify_msg_accepted, "only forced messages are notified") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  struct message m;
  make_simple(&m, port, 1);
  REQUIRE_EQUAL(send_with(&m, MACH_SEND_NOTIFY, 0, notify), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT(is_empty(notify));
}
