/* A read fault that a memory manager, a thread of the same task, answers with a page of its own. */
#include <mach/mach_traps.h>
#include <mach/memory_object_user.h>

#include "tests/bench/mach/mach_bench.h"
#include "tests/kernel/support/kernel_test.h"

#define REGION_BYTES (BATCHES * ROUNDS * PAGE_BYTES)
/* Kernel to memory manager. */
#define OBJECT_INIT 2200
#define DATA_REQUEST 2203
/* A data word behind its type word: control, (name,) offset of these messages. */
#define WORD(n) (message[6 + (n)])

static unsigned message[64];
static mach_port_t object;
static vm_address_t next_page;

static void supply_page(void) {
  require(memory_object_data_supply(WORD(1), WORD(3), next_page, PAGE_BYTES, TRUE, VM_PROT_NONE,
                                    FALSE, MACH_PORT_NULL),
          "data_supply");
  next_page += PAGE_BYTES;
  (void)mach_port_deallocate(mach_task_self(), WORD(1));
}

static void manage(void *unused) {
  mach_msg_header_t *const head = (mach_msg_header_t *)message;
  (void)unused;
  while (mach_msg(head, MACH_RCV_MSG, 0, sizeof(message), object, 0, MACH_PORT_NULL) ==
         MACH_MSG_SUCCESS) {
    if (head->msgh_id == OBJECT_INIT) {
      require(memory_object_ready(WORD(1), FALSE, MEMORY_OBJECT_COPY_NONE), "ready");
    } else if (head->msgh_id == DATA_REQUEST) {
      supply_page();
    }
  }
  end_thread();
}

void measure_pager(void) {
  const mach_port_t self = mach_task_self();
  vm_address_t region = 0;
  unsigned i, batch;
  require(vm_allocate(self, &next_page, REGION_BYTES, TRUE), "vm_allocate");
  for (i = 0; i < BATCHES * ROUNDS; i++) *(volatile char *)(next_page + i * PAGE_BYTES) = 1;
  object = make_port();
  (void)start_thread(manage, 0);
  require(vm_map(self, &region, REGION_BYTES, 0, TRUE, object, 0, FALSE, VM_PROT_READ, VM_PROT_READ,
                 VM_INHERIT_NONE),
          "vm_map");
  for (batch = 0; batch < BATCHES; batch++) {
    begin_batch();
    for (i = 0; i < ROUNDS; i++) {
      (void)*(volatile char *)region;
      region += PAGE_BYTES;
    }
    end_batch();
  }
  report("external pager read fault", ROUNDS);
}
