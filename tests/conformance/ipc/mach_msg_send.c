#include "tests/conformance/support/conformance.h"

CONFORMS(mach_msg_send, "sends the message of msgh_size bytes its header describes") {
  struct {
    mach_msg_header_t head;
    mach_msg_type_t type;
    int value;
    int trailer[4];
  } m;
  const mach_msg_type_t integer = {MACH_MSG_TYPE_INTEGER_32, 32, 1, TRUE, FALSE, FALSE, 0};
  const mach_port_t port = make_port();
  m.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0);
  m.head.msgh_size = 32;
  m.head.msgh_remote_port = port;
  m.head.msgh_local_port = MACH_PORT_NULL;
  m.head.msgh_id = 12;
  m.type = integer;
  m.value = 99;
  REQUIRE_EQUAL(mach_msg_send(&m.head), MACH_MSG_SUCCESS);
  m.value = 0;
  m.head.msgh_local_port = port;
  m.head.msgh_size = sizeof(m);
  REQUIRE_EQUAL(mach_msg_receive(&m.head), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_size, 32);
  EXPECT_EQUAL(m.value, 99);
}
