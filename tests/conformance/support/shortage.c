#include "tests/conformance/support/shortage.h"

#include <mach/mach_host.h>

#define HOGS 300u
/* A little less than a power of two: the kernel needs some bytes of its own with a message. */
#define LARGE 65000u

static mach_port_t last_name;
static mach_port_t hogs[HOGS];
static mach_port_t spare; /* holds small messages that can be taken out again */
static char buffer[LARGE];

void fill_name_space(void) {
  mach_port_t name = MACH_PORT_NULL;
  kern_return_t result;
  time_limit(60000);
  while ((result = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_DEAD_NAME, &name)) ==
         KERN_SUCCESS)
    last_name = name;
  REQUIRE_EQUAL(result, KERN_NO_SPACE);
}

void free_a_name(void) {
  REQUIRE_SUCCESS(mach_port_deallocate(mach_task_self(), last_name));
}

void fill_address_space(void) {
  vm_size_t size;
  for (size = 1u << 30; size >= vm_page_size; size >>= 1) {
    vm_address_t address = 0;
    while (vm_allocate(mach_task_self(), &address, size, TRUE) == KERN_SUCCESS) {
    }
  }
}

static void wire_all_memory(void) {
  vm_address_t at = 0;
  for (;;) {
    vm_size_t size = 0;
    vm_prot_t protection, maximum;
    vm_inherit_t inheritance;
    boolean_t shared;
    mach_port_t object = MACH_PORT_NULL;
    vm_offset_t offset;
    if (vm_region(mach_task_self(), &at, &size, &protection, &maximum, &inheritance, &shared,
                  &object, &offset) != KERN_SUCCESS)
      return;
    if (MACH_PORT_VALID(object)) (void)mach_port_deallocate(mach_task_self(), object);
    if (protection != VM_PROT_NONE)
      REQUIRE_SUCCESS(vm_wire(host_control, mach_task_self(), at, size, protection));
    at += size;
  }
}

/* Queues messages of one size until the kernel has no room for another. */
static void hog_messages(unsigned size) {
  mach_msg_header_t *m = (mach_msg_header_t *)buffer;
  unsigned i;
  for (i = 0; i < HOGS; i++) {
    mach_msg_return_t result;
    do {
      start_message((struct message *)m, hogs[i], MACH_MSG_TYPE_MAKE_SEND, 0);
      result = mach_msg(m, MACH_SEND_MSG | MACH_SEND_TIMEOUT, size, 0, 0, 0, 0);
    } while (result == MACH_MSG_SUCCESS);
    if (result == MACH_SEND_NO_BUFFER) return;
    REQUIRE_EQUAL(result, MACH_SEND_TIMED_OUT);
  }
  REQUIRE(!"enough ports for the kernel's memory");
}

static void hog_rights(mach_port_right_t right) {
  mach_port_t name;
  kern_return_t result;
  while ((result = mach_port_allocate(mach_task_self(), right, &name)) == KERN_SUCCESS) {
  }
  REQUIRE_EQUAL(result, KERN_RESOURCE_SHORTAGE);
}

static void hog_chosen_names(mach_port_t name) {
  kern_return_t result;
  while ((result = mach_port_allocate_name(mach_task_self(), MACH_PORT_RIGHT_DEAD_NAME, name)) ==
         KERN_SUCCESS)
    name += 0x101;
  REQUIRE_EQUAL(result, KERN_RESOURCE_SHORTAGE);
}

/* Regions that do not join their neighbours. */
static void hog_regions(void) {
  static vm_address_t at = 0x20000000;
  kern_return_t result;
  while ((result = vm_allocate(mach_task_self(), &at, vm_page_size, FALSE)) == KERN_SUCCESS)
    at += 2 * vm_page_size;
  EXPECT(result != KERN_NO_SPACE);
}

void exhaust_kernel_memory(void) {
  unsigned size;
  unsigned i;
  time_limit(60000);
  for (i = 0; i < HOGS; i++) {
    hogs[i] = make_receive();
    REQUIRE_SUCCESS(mach_port_set_qlimit(mach_task_self(), hogs[i], MACH_PORT_QLIMIT_MAX));
  }
  spare = make_port();
  (void)fill_queue(spare);
  wire_all_memory();
  pause_for(300); /* the runner writes to the pages it shared with us */
  for (size = LARGE; size > 2000; size /= 2) hog_messages(size & ~3u);
  for (i = 0; i < 2; i++) {
    hog_messages(64);
    hog_rights(MACH_PORT_RIGHT_RECEIVE);
    hog_rights(MACH_PORT_RIGHT_PORT_SET);
    hog_rights(MACH_PORT_RIGHT_DEAD_NAME);
    hog_chosen_names(0x60000000 + i);
    hog_regions();
  }
  hog_messages(64);
}

void free_a_message(void) {
  struct message m;
  REQUIRE_EQUAL(receive_message(&m, spare), MACH_MSG_SUCCESS);
}
