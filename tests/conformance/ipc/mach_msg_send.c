#include "tests/conformance/support/messages.h"

CONFORMS(mach_msg_send, "sends the msgh_size bytes to the destination in the header") {
  struct message m;
  const mach_port_t port = make_port();
  make_simple(&m, port, 99);
  REQUIRE_EQUAL(mach_msg_send(&m.head), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_size, 32);
  EXPECT_EQUAL(word_of(&m, 0), 99);
}

CONFORMS(mach_msg_send, "the errors are those of mach_msg") {
  struct message m;
  make_simple(&m, MACH_PORT_NULL, 99);
  EXPECT_EQUAL(mach_msg_send(&m.head), MACH_SEND_INVALID_DEST);
  m.head.msgh_size = 20;
  EXPECT_EQUAL(mach_msg_send(&m.head), MACH_SEND_MSG_TOO_SMALL);
}
