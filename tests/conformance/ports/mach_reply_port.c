#include <mach/mach_traps.h>

#include "tests/conformance/support/shortage.h"

CONFORMS(mach_reply_port, "a new receive right each time, in no set and without senders") {
  mach_port_t names[8];
  unsigned i;
  unsigned k;
  for (i = 0; i < 8; i++) {
    mach_port_status_t status;
    names[i] = mach_reply_port();
    for (k = 0; k < i; k++) EXPECT(names[k] != names[i]);
    EXPECT_EQUAL(type_of(names[i]), MACH_PORT_TYPE_RECEIVE);
    status = status_of(names[i]);
    EXPECT_EQUAL(status.mps_pset, MACH_PORT_NULL);
    EXPECT_EQUAL(status.mps_qlimit, MACH_PORT_QLIMIT_DEFAULT);
    EXPECT_EQUAL(status.mps_mscount + status.mps_seqno + status.mps_msgcount, 0);
    EXPECT_EQUAL(status.mps_sorights + (unsigned)status.mps_srights, 0);
  }
}

CONFORMS(mach_reply_port, "the port serves every purpose") {
  struct message m;
  const mach_port_t port = mach_reply_port();
  REQUIRE_SUCCESS(mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND));
  EXPECT_EQUAL(fill_queue(port), MACH_PORT_QLIMIT_DEFAULT);
  EXPECT_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  kill_port(port);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(mach_reply_port, MACH_PORT_NULL, "no port can be made: names or kernel memory are short") {
  fill_name_space();
  EXPECT_EQUAL(mach_reply_port(), MACH_PORT_NULL);
  free_a_name();
  EXPECT(mach_reply_port() != MACH_PORT_NULL);
}
