/* The program's catch_exception_raise: what it was told last, and what it does. */
#ifndef TESTS_CONFORMANCE_THREADS_EXCEPTION_SERVER_H_
#define TESTS_CONFORMANCE_THREADS_EXCEPTION_SERVER_H_

#include <mach/exc.h>

#include "tests/conformance/support/threads.h"

struct caught {
  mach_port_t port;
  mach_port_t thread;
  mach_port_t task;
  int exception;
  int code;
  int subcode;
  volatile int times;
};
extern struct caught caught;

/* Called by catch_exception_raise with what is in `caught`; its result is the answer. Null: success. */
extern kern_return_t (*on_exception)(void);

/* Serves one exception with mach_msg_server's pieces: receive, exc_server, send the reply if any. */
void serve_exception(mach_port_t port);

#endif
