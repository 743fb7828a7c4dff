/* An exception that a handler thread of the same task answers at once. */
#include <mach/mach_traps.h>

#include "tests/bench/mach/mach_bench.h"
#include "tests/kernel/support/kernel_test.h"

struct exception_reply {
  mach_msg_header_t head;
  mach_msg_type_t type;
  kern_return_t result;
};

static mach_port_t exceptions;

/* The thread goes on behind its int3. */
static void handle(void *unused) {
  const mach_msg_type_t type = {MACH_MSG_TYPE_INTEGER_32, 32, 1, TRUE, FALSE, FALSE, 0};
  union {
    mach_msg_header_t head;
    struct exception_reply reply;
    char room[128];
  } m;
  mach_msg_return_t result =
      mach_msg(&m.head, MACH_RCV_MSG, 0, sizeof(m), exceptions, 0, MACH_PORT_NULL);
  (void)unused;
  while (result == MACH_MSG_SUCCESS) {
    m.head.msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(m.head.msgh_bits), 0);
    m.head.msgh_local_port = MACH_PORT_NULL;
    m.head.msgh_id += 100;
    m.reply.type = type;
    m.reply.result = KERN_SUCCESS;
    result = mach_msg(&m.head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof(m.reply), sizeof(m), exceptions,
                      0, MACH_PORT_NULL);
  }
  end_thread();
}

void measure_exceptions(void) {
  const mach_port_t self = mach_thread_self();
  exceptions = make_port();
  (void)start_thread(handle, 0);
  require(thread_set_exception_port(self, exceptions), "thread_set_exception_port");
  MEASURE("exception RPC (int3)", __asm__ volatile("int3"));
  require(thread_set_exception_port(self, MACH_PORT_NULL), "thread_set_exception_port");
}
