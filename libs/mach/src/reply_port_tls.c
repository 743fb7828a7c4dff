/* Reply ports of libmach.a: each thread of the C library keeps one. */
#include <mach.h>
#include <mach/mig_support.h>

#include "libs/mach/src/reply_port.h"
#include "libs/mach/src/spoiled_port.h"

static __thread mach_port_t thread_reply_port;

void mig_init(void *initial) {
  (void)initial;
  thread_reply_port = MACH_PORT_NULL;
}

mach_port_t mig_get_reply_port(void) {
  if (thread_reply_port == MACH_PORT_NULL) thread_reply_port = mach_reply_port();
  return thread_reply_port;
}

void mig_put_reply_port(mach_port_t reply_port) { (void)reply_port; }

void mig_adopt_reply_port(mach_port_t reply_port) { thread_reply_port = reply_port; }

mach_port_t mig_take_reply_port(void) {
  const mach_port_t port = thread_reply_port;
  thread_reply_port = MACH_PORT_NULL;
  return port;
}

void mig_dealloc_reply_port(mach_port_t reply_port) {
  const mach_port_t port = mig_take_reply_port();

  (void)reply_port;
  if (!MACH_PORT_VALID(port)) return;
  mig_destroy_spoiled_port(port);
}
