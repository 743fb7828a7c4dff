/*
 * Reply ports of libmach_sa.a, which knows nothing of threads: ports not in use wait in a few
 * slots that are taken and filled atomically, so any number of threads may call at once.
 */
#include <mach.h>
#include <mach/mig_support.h>

#include "libs/mach/src/spoiled_port.h"

#define SLOTS 8

static mach_port_t idle_ports[SLOTS];

void mig_init(void *initial) {
  int i;

  (void)initial;
  for (i = 0; i < SLOTS; i++) idle_ports[i] = MACH_PORT_NULL;
}

mach_port_t mig_get_reply_port(void) {
  int i;

  for (i = 0; i < SLOTS; i++) {
    mach_port_t port;
    if (idle_ports[i] == MACH_PORT_NULL) continue;
    port = __atomic_exchange_n(&idle_ports[i], MACH_PORT_NULL, __ATOMIC_ACQ_REL);
    if (port != MACH_PORT_NULL) return port;
  }
  return mach_reply_port();
}

void mig_dealloc_reply_port(mach_port_t reply_port) {
  if (!MACH_PORT_VALID(reply_port)) return;
  mig_destroy_spoiled_port(reply_port);
}

void mig_put_reply_port(mach_port_t reply_port) {
  int i;

  if (!MACH_PORT_VALID(reply_port)) return;
  for (i = 0; i < SLOTS; i++) {
    mach_port_t empty = MACH_PORT_NULL;
    if (idle_ports[i] == MACH_PORT_NULL &&
        __atomic_compare_exchange_n(&idle_ports[i], &empty, reply_port, 0, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED))
      return;
  }
  mig_dealloc_reply_port(reply_port);
}
