#include "tests/conformance/threads/exception_server.h"

struct caught caught;
kern_return_t (*on_exception)(void);

kern_return_t catch_exception_raise(mach_port_t exception_port, mach_port_t thread,
                                    mach_port_t task, int exception, int code, int subcode) {
  const int times = caught.times;
  caught = (struct caught){exception_port, thread, task, exception, code, subcode, times};
  caught.times = times + 1;
  return on_exception != 0 ? (*on_exception)() : KERN_SUCCESS;
}

void serve_exception(mach_port_t port) {
  /* mach_msg_server for ever, but for the time-out that ends it. */
  const int before = caught.times;
  EXPECT_EQUAL(mach_msg_server_timeout(exc_server, sizeof(struct message), port, MACH_RCV_TIMEOUT,
                                       300),
               MACH_RCV_TIMED_OUT);
  EXPECT(caught.times > before);
}
