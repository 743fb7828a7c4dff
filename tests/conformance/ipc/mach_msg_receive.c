#include "tests/conformance/support/messages.h"

CONFORMS(mach_msg_receive,
         "receives from msgh_local_port into msgh_size bytes, without a time-out") {
  struct message m;
  const mach_port_t port = make_port();
  make_simple(&m, port, 99);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  m.head.msgh_local_port = port;
  m.head.msgh_size = sizeof(m);
  REQUIRE_EQUAL(mach_msg_receive(&m.head), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_size, 32);
  EXPECT_EQUAL(word_of(&m, 0), 99);
}

CONFORMS(mach_msg_receive, "the errors are those of mach_msg") {
  struct message m;
  const mach_port_t port = make_port();
  make_simple(&m, port, 99);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  m.head.msgh_local_port = port;
  m.head.msgh_size = 28;
  EXPECT_EQUAL(mach_msg_receive(&m.head), MACH_RCV_TOO_LARGE);
  m.head.msgh_local_port = MACH_PORT_NULL;
  EXPECT_EQUAL(mach_msg_receive(&m.head), MACH_RCV_INVALID_NAME);
}
