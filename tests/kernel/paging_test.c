/*
 * More memory is used than the machine has. The program plays the default memory manager: a wired
 * thread remembers the two words of every page that the kernel sends it and makes the page again
 * when the kernel asks for it.
 */
#include <mach/mach_host.h>
#include <mach/mach_traps.h>
#include <mach/memory_object_user.h>
#include <mach/vm_statistics.h>

#include "tests/kernel/support/kernel_test.h"

#define PAGE 4096u
#define PAGES 16000u
#define ROUNDS 2u

enum {
  TERMINATE = 2201,
  DATA_REQUEST = 2203,
  DATA_RETURN = 2208,
  CREATE = 2250,
  DATA_INITIALIZE = 2251
};

struct kept_page {
  unsigned first;
  unsigned last;
};

static mach_port_t port_set;
static struct kept_page kept[PAGES];
static volatile unsigned created, initialized, returned, requested, terminated, failed;

/* Words of a message behind the header: descriptors and values in turn. */
static unsigned message[128];
#define WORD(i) message[sizeof(mach_msg_header_t) / 4 + (i)]

static unsigned *page_word(vm_address_t page, unsigned offset) {
  return (unsigned *)(page + offset);
}

static void keep_pages(unsigned offset, vm_address_t data, vm_size_t size) {
  vm_size_t at;
  for (at = 0; at < size; at += PAGE) {
    const unsigned n = (offset + at) / PAGE;
    if (n >= PAGES) {
      failed++;
      continue;
    }
    kept[n].first = *page_word(data + at, 0);
    kept[n].last = *page_word(data + at, PAGE - 4);
  }
  if (vm_deallocate(mach_task_self(), data, size) != KERN_SUCCESS) failed++;
}

static void supply_page(mach_port_t control, unsigned offset) {
  vm_address_t page = 0;
  if (offset / PAGE >= PAGES ||
      vm_allocate(mach_task_self(), &page, PAGE, TRUE) != KERN_SUCCESS) {
    failed++;
    return;
  }
  *page_word(page, 0) = kept[offset / PAGE].first;
  *page_word(page, PAGE - 4) = kept[offset / PAGE].last;
  if (memory_object_data_supply(control, offset, page, PAGE, TRUE, VM_PROT_NONE, FALSE,
                                MACH_PORT_NULL) != KERN_SUCCESS)
    failed++;
}

static void handle_message(mach_msg_id_t id) {
  unsigned at;
  switch (id) {
    case CREATE:
      created++;
      if (mach_port_move_member(mach_task_self(), WORD(1), port_set) != KERN_SUCCESS) failed++;
      break;
    case DATA_INITIALIZE:
    case DATA_RETURN:
      if (id == DATA_RETURN)
        returned++;
      else
        initialized++;
      keep_pages(WORD(3), WORD(7), WORD(6));
      (void)mach_port_deallocate(mach_task_self(), WORD(1));
      break;
    case DATA_REQUEST:
      requested++;
      for (at = 0; at < WORD(5); at += PAGE) supply_page(WORD(1), WORD(3) + at);
      (void)mach_port_deallocate(mach_task_self(), WORD(1));
      break;
    case TERMINATE:
      terminated++;
      break;
    default:
      failed++;
  }
}

static void manage(void *argument) {
  (void)argument;
  for (;;) {
    mach_msg_header_t *head = (mach_msg_header_t *)message;
    if (mach_msg(head, MACH_RCV_MSG, 0, sizeof(message), port_set, MACH_MSG_TIMEOUT_NONE,
                 MACH_PORT_NULL) != MACH_MSG_SUCCESS)
      failed++;
    else
      handle_message(head->msgh_id);
  }
}

/* Wires all memory of the program, so that the manager never waits for itself. */
static int wire_program(void) {
  vm_address_t address = 0;
  vm_size_t size;
  vm_prot_t protection, max_protection;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t name;
  vm_offset_t offset;
  while (vm_region(mach_task_self(), &address, &size, &protection, &max_protection, &inheritance,
                   &shared, &name, &offset) == KERN_SUCCESS) {
    if (vm_wire(host_control, mach_task_self(), address, size, protection) != KERN_SUCCESS)
      return 0;
    address += size;
  }
  return 1;
}

static void start_manager(void) {
  mach_port_t manager = make_port();
  const mach_port_t thread = make_thread(mach_task_self(), manage, 0);
  check_equal((unsigned)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &port_set),
              KERN_SUCCESS, "port set");
  check_equal((unsigned)mach_port_move_member(mach_task_self(), manager, port_set), KERN_SUCCESS,
              "mach_port_move_member");
  check_equal((unsigned)vm_set_default_memory_manager(host_control, &manager), KERN_SUCCESS,
              "vm_set_default_memory_manager");
  check_equal(manager, MACH_PORT_NULL, "there was no manager before");
  check(wire_program(), "vm_wire");
  check_equal((unsigned)thread_wire(host_control, thread, TRUE), KERN_SUCCESS, "thread_wire");
  check_equal((unsigned)thread_resume(thread), KERN_SUCCESS, "thread_resume");
}

/* Writes all pages, or checks what was written in the round before and writes anew. */
static unsigned use_pages(vm_address_t base, unsigned round) {
  unsigned n, wrong = 0;
  for (n = 0; n < PAGES; n++) {
    const vm_address_t page = base + n * PAGE;
    if (round != 0 && (*page_word(page, 0) != n + round || *page_word(page, PAGE - 4) != ~n))
      wrong++;
    *page_word(page, 0) = n + round + 1;
    *page_word(page, PAGE - 4) = ~n;
  }
  return wrong;
}

void test_main(void) {
  vm_address_t base = 0;
  unsigned round, i;
  start_manager();
  check_equal((unsigned)vm_allocate(mach_task_self(), &base, PAGES * PAGE, TRUE), KERN_SUCCESS,
              "vm_allocate beyond the size of memory");
  check_equal(use_pages(base, 0), 0, "all pages can be written");
  check_equal(created, 1, "one memory_object_create");
  check(initialized != 0, "memory_object_data_initialize");
  for (round = 1; round <= ROUNDS; round++)
    check_equal(use_pages(base, round), 0, "no page is lost");
  check(requested != 0, "memory_object_data_request");
  check(returned != 0, "memory_object_data_return");
  check_equal((unsigned)vm_deallocate(mach_task_self(), base, PAGES * PAGE), KERN_SUCCESS,
              "vm_deallocate");
  for (i = 0; i < 100 && terminated == 0; i++) (void)thread_switch(MACH_PORT_NULL, 2, 10);
  check_equal(terminated, 1, "memory_object_terminate");
  check_equal(failed, 0, "the manager met no error");
}
