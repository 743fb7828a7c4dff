#include "tests/conformance/support/messages.h"

#include <stddef.h>

CONFORMS(mach_port_status, "nine words in the order of the book") {
  EXPECT_EQUAL(sizeof(struct mach_port_status), 36);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_pset), 0);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_seqno), 4);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_mscount), 8);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_qlimit), 12);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_msgcount), 16);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_sorights), 20);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_srights), 24);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_pdrequest), 28);
  EXPECT_EQUAL(offsetof(mach_port_status_t, mps_nsrequest), 32);
}

CONFORMS(mach_port_status, "send rights count wherever they are; send-once rights one by one") {
  struct message m;
  const mach_port_t port = make_receive();
  const mach_port_t to = make_port();
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, port, MACH_MSG_TYPE_MAKE_SEND);
  add_port(&m, port, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT(status_of(port).mps_srights);
  EXPECT_EQUAL(status_of(port).mps_sorights, 1);
  kill_port(to);
  EXPECT(!status_of(port).mps_srights);
  EXPECT_EQUAL(status_of(port).mps_msgcount, 1); /* the send-once notification, */
  EXPECT_EQUAL(status_of(port).mps_sorights, 1); /* which holds the right it was sent to */
  (void)expect_notification(port, MACH_NOTIFY_SEND_ONCE);
  EXPECT_EQUAL(status_of(port).mps_sorights, 0);
}
