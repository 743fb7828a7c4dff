/* The demultiplexers of appendix A, given messages made by hand. */
#ifndef TESTS_CONFORMANCE_PAGERS_DEMULTIPLEXER_H_
#define TESTS_CONFORMANCE_PAGERS_DEMULTIPLEXER_H_

#include "tests/conformance/pagers/pager.h"

typedef boolean_t (*demultiplexer)(mach_msg_header_t *in, mach_msg_header_t *out);

/* A message of each id in the range, with all its arguments. */
void check_all(demultiplexer serve, int first, int last, boolean_t numbered);
/* Ids beside the range, and answers. */
void check_foreign(demultiplexer serve, int first, int last);
/* The right ids without, or with other, arguments. */
void check_malformed(demultiplexer serve, int first, int last);
/* mach_msg_server serves a port with it while a client uses the memory. */
void check_loop(demultiplexer serve);

#endif
