/* Messages of PC samples (mach_sample_thread, mach_sample_task). */
#ifndef TESTS_CONFORMANCE_SUPPORT_SAMPLES_H_
#define TESTS_CONFORMANCE_SUPPORT_SAMPLES_H_

#include <mach/mach4.h>
#include <mach/profil-param.h>

#include "tests/conformance/support/threads.h"

struct samples {
  mach_msg_header_t head;
  mach_msg_type_t type;
  int arg[SIZE_PROF_BUFFER + 1];
  char trailer[16];
};

/* Waits for a buffer and checks its form; returns how many samples it holds. */
unsigned expect_samples(struct samples *s, mach_port_t port);

/* How many of them lie in code of count_for_ever. */
unsigned samples_of_counting(const struct samples *s);

/* Receives buffers until the last one. */
void expect_last_samples(mach_port_t port);

#endif
