#include "tests/conformance/support/messages.h"

#include <stddef.h>

CONFORMS(mach_msg_header, "six words in the order of the book") {
  mach_msg_header_t h;
  EXPECT_EQUAL(sizeof(h), 24);
  EXPECT_EQUAL(offsetof(mach_msg_header_t, msgh_bits), 0);
  EXPECT_EQUAL(offsetof(mach_msg_header_t, msgh_size), 4);
  EXPECT_EQUAL(offsetof(mach_msg_header_t, msgh_remote_port), 8);
  EXPECT_EQUAL(offsetof(mach_msg_header_t, msgh_local_port), 12);
  EXPECT_EQUAL(offsetof(mach_msg_header_t, msgh_seqno), 16);
  EXPECT_EQUAL(offsetof(mach_msg_header_t, msgh_id), 20);
  EXPECT_EQUAL(sizeof(mach_msg_bits_t) + sizeof(mach_msg_size_t) + sizeof(mach_port_t) +
                   sizeof(mach_port_seqno_t) + sizeof(mach_msg_id_t),
               20);
}

CONFORMS(mach_msg_header, "the macros build the bits and take them apart") {
  const mach_msg_bits_t bits =
      MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE) |
      MACH_MSGH_BITS_COMPLEX;
  EXPECT_EQUAL(MACH_MSGH_BITS_REMOTE(bits), MACH_MSG_TYPE_COPY_SEND);
  EXPECT_EQUAL(MACH_MSGH_BITS_LOCAL(bits), MACH_MSG_TYPE_MAKE_SEND_ONCE);
  EXPECT_EQUAL(bits & MACH_MSGH_BITS_REMOTE_MASK, MACH_MSG_TYPE_COPY_SEND);
  EXPECT_EQUAL(bits & MACH_MSGH_BITS_LOCAL_MASK, MACH_MSG_TYPE_MAKE_SEND_ONCE << 8);
  EXPECT_EQUAL(MACH_MSGH_BITS_COMPLEX, 0x80000000u);
}

CONFORMS(mach_msg_header, "the size counts header, descriptors, in-line data and addresses") {
  struct message m;
  const mach_port_t port = make_port();
  vm_address_t memory = 0;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &memory, 100000, TRUE));
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 5);
  add_integer(&m, 1);
  add_memory(&m, (void *)memory, 100000, FALSE);
  m.head.msgh_size += 0;
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_size, 24 + 8 + 12 + 4);
  EXPECT_EQUAL(m.head.msgh_id, 5);
}

CONFORMS(mach_msg_header, "the id is not looked at by mach_msg") {
  static const mach_msg_id_t ids[] = {0, -1, 64, 2400, 0x7fffffff};
  const mach_port_t port = make_port();
  unsigned i;
  for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
    struct message m;
    start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, ids[i]);
    REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
    REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
    EXPECT_EQUAL(m.head.msgh_id, ids[i]);
  }
}
