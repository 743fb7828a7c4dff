#include "tests/conformance/support/messages.h"

#include <stddef.h>

CONFORMS(mach_msg_type_long, "a short descriptor, then name, size and number") {
  EXPECT_EQUAL(sizeof(mach_msg_type_long_t), 12);
  EXPECT_EQUAL(offsetof(mach_msg_type_long_t, msgtl_header), 0);
  EXPECT_EQUAL(offsetof(mach_msg_type_long_t, msgtl_name), 4);
  EXPECT_EQUAL(offsetof(mach_msg_type_long_t, msgtl_size), 6);
  EXPECT_EQUAL(offsetof(mach_msg_type_long_t, msgtl_number), 8);
}

CONFORMS(mach_msg_type_long, "describes rights in line, and stays long when received") {
  struct message m;
  const mach_port_t port = make_port();
  mach_msg_type_long_t type = long_type(MACH_MSG_TYPE_MAKE_SEND, 32, 2, TRUE, FALSE);
  const mach_port_t names[2] = {port, MACH_PORT_DEAD};
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 1);
  add_words(&m, &type, 3);
  add_words(&m, names, 2);
  m.head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_size, 24 + 12 + 8);
  EXPECT_EQUAL(item_of(&m, 0).name, MACH_MSG_TYPE_PORT_SEND);
  EXPECT_EQUAL(item_of(&m, 0).data[0], port);
  EXPECT_EQUAL(item_of(&m, 0).data[1], MACH_PORT_DEAD);
}

CONFORMS(mach_msg_type_long, "elements of more than 255 bits, more than 4095 of them") {
  static struct {
    mach_msg_header_t head;
    mach_msg_type_long_t type;
    unsigned char data[5000 * 128];
  } m;
  const mach_port_t port = make_port();
  unsigned wrong = 0;
  unsigned i;
  start_message((struct message *)&m, port, MACH_MSG_TYPE_COPY_SEND, 1);
  m.head.msgh_bits |= MACH_MSGH_BITS_COMPLEX; /* so that the kernel reads the descriptor */
  m.type = long_type(MACH_MSG_TYPE_BYTE, 1024, 5000, TRUE, FALSE);
  for (i = 0; i < sizeof(m.data); i++) m.data[i] = (unsigned char)i;
  REQUIRE_EQUAL(mach_msg(&m.head, MACH_SEND_MSG, sizeof(m), 0, 0, 0, 0), MACH_MSG_SUCCESS);
  for (i = 0; i < sizeof(m.data); i++) m.data[i] = 0;
  REQUIRE_EQUAL(mach_msg(&m.head, MACH_RCV_MSG, 0, sizeof(m), port, 0, 0), MACH_MSG_SUCCESS);
  for (i = 0; i < sizeof(m.data); i++) wrong += m.data[i] != (unsigned char)i;
  EXPECT_EQUAL(wrong, 0);
}
