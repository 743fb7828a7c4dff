#include "tests/conformance/threads/exception_server.h"

CONFORMS(exc_server, TRUE, "an exception message: catch_exception_raise is called, its success is the reply") {
  struct message in;
  struct message out;
  volatile int done = 0;
  const mach_port_t port = make_port();
  mig_reply_header_t *reply = (mig_reply_header_t *)&out;
  (void)start_faulting(break_once, (void *)&done, port);
  REQUIRE_EQUAL(receive_message(&in, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(in.head.msgh_size, 64);
  EXPECT_EQUAL(exc_server(&in.head, &out.head), TRUE);
  EXPECT_EQUAL(caught.times, 1);
  EXPECT_EQUAL(caught.port, port);
  EXPECT_EQUAL(caught.exception, EXC_BREAKPOINT);
  EXPECT_EQUAL(reply->RetCode, KERN_SUCCESS);
  EXPECT_EQUAL(reply->Head.msgh_id, 2500);
  EXPECT_EQUAL(send_message(&out), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}

static kern_return_t refuse(void) { return MIG_NO_REPLY; }

CONFORMS(exc_server, "no reply when catch_exception_raise wants none") {
  struct message in;
  struct message out;
  volatile int done = 0;
  const mach_port_t port = make_port();
  on_exception = refuse;
  (void)start_faulting(break_once, (void *)&done, port);
  REQUIRE_EQUAL(receive_message(&in, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(exc_server(&in.head, &out.head), TRUE);
  EXPECT_EQUAL(((mig_reply_header_t *)&out)->RetCode, MIG_NO_REPLY);
}

CONFORMS(exc_server, FALSE, "any other message: no function is called") {
  struct message in;
  struct message out;
  const mach_port_t port = make_port();
  int id;
  for (id = 2399; id <= 2501; id++) {
    if (id == 2400) continue;
    make_simple(&in, port, id);
    EXPECT_EQUAL(exc_server(&in.head, &out.head), FALSE);
    EXPECT_EQUAL(((mig_reply_header_t *)&out)->RetCode, MIG_BAD_ID);
  }
  EXPECT_EQUAL(caught.times, 0);
}

CONFORMS(exc_server, "an exception message of the wrong form reaches no function") {
  struct message in;
  struct message out;
  make_simple(&in, make_port(), 2400);
  EXPECT_EQUAL(exc_server(&in.head, &out.head), TRUE);
  EXPECT_EQUAL(((mig_reply_header_t *)&out)->RetCode, MIG_BAD_ARGUMENTS);
  EXPECT_EQUAL(caught.times, 0);
}
