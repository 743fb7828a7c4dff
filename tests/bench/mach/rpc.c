/* Messages to a server thread and back: null, inline data, out-of-line memory. */
#include <mach/mach_traps.h>
#include <mach/thread_status.h>

#include "tests/bench/mach/mach_bench.h"
#include "tests/kernel/support/kernel_test.h"

#define INLINE_WORDS 256u
#define REGION_BYTES 65536u

/* What the server does with a request; the message's id. */
enum request { ANSWER, ECHO, TAKE_REGION, READ_REGION, WRITE_REGION };

struct message {
  mach_msg_header_t head;
  union {
    struct {
      mach_msg_type_t type;
      unsigned words[INLINE_WORDS];
    } data;
    struct {
      mach_msg_type_long_t type;
      char *address;
    } region;
  } body;
};

static mach_port_t reply_port, other_task;
static char server_stack[16384] __attribute__((aligned(16)));

static void use_region(char *region, enum request what) {
  unsigned i;
  for (i = 0; i < REGION_BYTES && what != TAKE_REGION; i += PAGE_BYTES) {
    if (what == WRITE_REGION) {
      *(volatile char *)(region + i) = 1;
    } else {
      (void)*(volatile char *)(region + i);
    }
  }
  (void)vm_deallocate((mach_task_self)(), (vm_address_t)region, REGION_BYTES);
}

/* The name of the service's receive right is the argument. */
static void serve(void *argument) {
  const mach_port_t service = (mach_port_t)argument;
  struct message m;
  mach_msg_return_t result =
      mach_msg(&m.head, MACH_RCV_MSG, 0, sizeof(m), service, 0, MACH_PORT_NULL);
  while (result == MACH_MSG_SUCCESS) {
    const enum request what = (enum request)m.head.msgh_id;
    if (what >= TAKE_REGION) use_region(m.body.region.address, what);
    if (what != ECHO) m.head.msgh_size = sizeof(m.head);
    m.head.msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(m.head.msgh_bits), 0);
    m.head.msgh_local_port = MACH_PORT_NULL;
    result = mach_msg(&m.head, MACH_SEND_MSG | MACH_RCV_MSG, m.head.msgh_size, sizeof(m), service,
                      0, MACH_PORT_NULL);
  }
  end_thread();
}

/*
 * A service whose receive right is in another task, under `chosen` if that is no null name. Its thread
 * runs serve() on that task's copy of server_stack.
 */
static mach_port_t service_elsewhere(mach_port_t chosen) {
  const mach_port_t service = make_port();
  const mach_port_t name = chosen != MACH_PORT_NULL ? chosen : service;
  unsigned *const top = (unsigned *)(server_stack + sizeof(server_stack) - 16);
  struct i386_thread_state state;
  mach_port_t task, thread;
  unsigned i;
  top[0] = 0;
  top[1] = name;
  require(task_create(mach_task_self(), TRUE, &task), "task_create");
  require(mach_port_insert_right(task, name, service, MACH_MSG_TYPE_MOVE_RECEIVE), "receive right");
  require(thread_create(task, &thread), "thread_create");
  for (i = 0; i < sizeof(state); i++) ((char *)&state)[i] = 0;
  state.eip = (unsigned)serve;
  state.uesp = (unsigned)top;
  require(thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                           i386_THREAD_STATE_COUNT),
          "thread_set_state");
  require(thread_resume(thread), "thread_resume");
  return service;
}

static void send(struct message *m, mach_port_t service, enum request what, unsigned size) {
  const unsigned complex = what >= TAKE_REGION ? MACH_MSGH_BITS_COMPLEX : 0;
  m->head.msgh_bits =
      complex | MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  m->head.msgh_size = size;
  m->head.msgh_remote_port = service;
  m->head.msgh_local_port = reply_port;
  m->head.msgh_id = (mach_msg_id_t)what;
  require(mach_msg(&m->head, MACH_SEND_MSG | MACH_RCV_MSG, size, sizeof(*m), reply_port, 0,
                   MACH_PORT_NULL),
          "mach_msg");
}

static void set_data(struct message *m, unsigned words) {
  const mach_msg_type_t type = {MACH_MSG_TYPE_INTEGER_32, 32, words, TRUE, FALSE, FALSE, 0};
  m->body.data.type = type;
}

static void set_region(struct message *m, vm_address_t region) {
  const mach_msg_type_long_t type = {
      {0, 0, 0, FALSE, TRUE, FALSE, 0}, MACH_MSG_TYPE_INTEGER_32, 32, REGION_BYTES / 4};
  m->body.region.type = type;
  m->body.region.address = (char *)region;
}

static void measure_regions(mach_port_t service) {
  const unsigned size = sizeof(mach_msg_header_t) + sizeof(mach_msg_type_long_t) + sizeof(char *);
  struct message m;
  vm_address_t region = 0;
  unsigned i;
  require(vm_allocate(mach_task_self(), &region, REGION_BYTES, TRUE), "vm_allocate");
  for (i = 0; i < REGION_BYTES; i += PAGE_BYTES) *(volatile char *)(region + i) = 1;
  MEASURE("RPC 64 KiB out-of-line, untouched", {
    set_region(&m, region);
    send(&m, service, TAKE_REGION, size);
  });
  MEASURE("RPC 64 KiB, server reads every page", {
    set_region(&m, region);
    send(&m, service, READ_REGION, size);
  });
  MEASURE("RPC 64 KiB, server writes every page", {
    set_region(&m, region);
    send(&m, service, WRITE_REGION, size);
  });
}

/* To the service in the other task. */
void measure_null_rpc(const char *name) {
  struct message m;
  MEASURE(name, send(&m, other_task, ANSWER, sizeof(m.head)));
}

void measure_rpc(void) {
  const unsigned head = sizeof(mach_msg_header_t), type = sizeof(mach_msg_type_t);
  struct message m;
  mach_port_t service;
  reply_port = mach_reply_port();

  service = other_task = service_elsewhere(MACH_PORT_NULL);
  measure_null_rpc("null RPC, other task, 24 bytes");
  MEASURE("null RPC, other task, 40 bytes", {
    set_data(&m, 3);
    send(&m, service, ECHO, head + type + 12);
  });
  MEASURE("RPC 1 KiB inline both ways", {
    set_data(&m, INLINE_WORDS);
    send(&m, service, ECHO, sizeof(m.head) + sizeof(m.body.data));
  });
  measure_regions(service);

  service = service_elsewhere(0x7654321);
  MEASURE("null RPC, chosen receive right name", send(&m, service, ANSWER, head));

  service = make_port();
  (void)start_thread(serve, (void *)service);
  MEASURE("null RPC, same task, 24 bytes", send(&m, service, ANSWER, head));
}
