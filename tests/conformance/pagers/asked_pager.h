/* A thread that answers one request as the default pager would. */
#ifndef TESTS_CONFORMANCE_PAGERS_ASKED_PAGER_H_
#define TESTS_CONFORMANCE_PAGERS_ASKED_PAGER_H_

#include "tests/conformance/pagers/pager.h"

struct asked_pager {
  mach_port_t port;
  kern_return_t code;  /* its answer: this code, */
  mach_port_t object;  /* then a send right unless null, */
  unsigned words[2];   /* then so many of these */
  unsigned word_count;
  int id; /* of the request */
  unsigned request_size;
  unsigned argument; /* its first word, if any */
};

void start_asked_pager(struct asked_pager *pager, unsigned word_count);

#endif
