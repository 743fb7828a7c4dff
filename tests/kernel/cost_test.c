/*
 * Guest instructions of basic operations, as comments of the report; meaningful when the emulator
 * counts instructions as time (QEMU: -icount shift=0).
 */
#include <mach/mach_traps.h>

#include "tests/kernel/support/kernel_test.h"

#define ROUNDS 200u

static unsigned now(void) {
  unsigned low;
  __asm__ volatile("rdtsc" : "=a"(low) : : "edx");
  return low;
}

static unsigned overhead;

static void report(const char *name, unsigned start) {
  const unsigned total = now() - start;
  print("# ");
  print(name);
  print(": 0x");
  print_number(total / ROUNDS - overhead);
  print("\n");
}

#define MEASURE(name, statement)                       \
  do {                                                 \
    unsigned i_;                                       \
    unsigned start_;                                   \
    for (i_ = 0; i_ < 10; i_++) statement;             \
    start_ = now();                                    \
    for (i_ = 0; i_ < ROUNDS; i_++) statement;         \
    report(name, start_);                              \
  } while (0)

struct message {
  mach_msg_header_t head;
  char room[40];
};

static mach_port_t service;

static void serve(void *unused) {
  struct message m;
  mach_msg_return_t result;
  (void)unused;
  result = mach_msg(&m.head, MACH_RCV_MSG, 0, sizeof(m), service, 0, MACH_PORT_NULL);
  while (result == MACH_MSG_SUCCESS) {
    m.head.msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(m.head.msgh_bits), 0);
    m.head.msgh_local_port = MACH_PORT_NULL;
    m.head.msgh_size = sizeof(m.head);
    result = mach_msg(&m.head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof(m.head), sizeof(m), service, 0,
                      MACH_PORT_NULL);
  }
  end_thread();
}

static void call(mach_port_t reply) {
  struct message m;
  m.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  m.head.msgh_size = sizeof(m.head);
  m.head.msgh_remote_port = service;
  m.head.msgh_local_port = reply;
  m.head.msgh_id = 1;
  (void)mach_msg(&m.head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof(m.head), sizeof(m), reply, 0,
                 MACH_PORT_NULL);
}

static void measure_faults(void) {
  vm_address_t a = 0;
  (void)vm_allocate(mach_task_self(), &a, (ROUNDS + 10) * 4096, TRUE);
  MEASURE("zero-fill fault", (*(volatile char *)a = 1, a += 4096));
}

void test_main(void) {
  const mach_port_t reply = mach_reply_port();
  const mach_port_t self = mach_task_self();
  MEASURE("empty", (void)0);
  overhead = 0;
  MEASURE("mach_task_self", (void)(mach_task_self)());
  MEASURE("mach_host_self", (void)mach_host_self());
  service = make_port();
  (void)start_thread(serve, 0);
  MEASURE("rpc", call(reply));
  MEASURE("thread_switch", (void)thread_switch(MACH_PORT_NULL, 0, 0));
  MEASURE("port allocate and destroy", {
    mach_port_t p;
    (void)mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &p);
    (void)mach_port_destroy(self, p);
  });
  measure_faults();
  check(1, "measured");
}
