#include "tests/conformance/support/samples.h"

unsigned expect_samples(struct samples *s, mach_port_t port) {
  REQUIRE_EQUAL(mach_msg(&s->head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(*s), port, PATIENCE,
                         MACH_PORT_NULL),
                MACH_MSG_SUCCESS);
  EXPECT_EQUAL(s->head.msgh_id, 666666);
  EXPECT_EQUAL(s->head.msgh_local_port, port);
  EXPECT_EQUAL(s->head.msgh_size, 24 + 4 + 4 * (SIZE_PROF_BUFFER + 1));
  EXPECT_EQUAL(s->type.msgt_number, SIZE_PROF_BUFFER + 1);
  EXPECT_EQUAL(s->type.msgt_size, 32);
  EXPECT((unsigned)s->arg[SIZE_PROF_BUFFER] <= SIZE_PROF_BUFFER);
  return (unsigned)s->arg[SIZE_PROF_BUFFER];
}

unsigned samples_of_counting(const struct samples *s) {
  unsigned n = 0;
  int i;
  for (i = 0; i < s->arg[SIZE_PROF_BUFFER]; i++)
    n += (unsigned)s->arg[i] - (unsigned)count_for_ever < 64;
  return n;
}

void expect_last_samples(mach_port_t port) {
  struct samples s;
  unsigned n;
  for (n = 0; n < 10; n++)
    if (expect_samples(&s, port) < SIZE_PROF_BUFFER) break;
  EXPECT(n < 10);
  pause_for(30);
  EXPECT(is_empty(port));
}
