/*
 * A memory manager to learn from (book chapter 5). It manages one object, a "file" of 16 pages that it keeps in
 * its own memory. What it has to do:
 *   memory_object_init          the object is mapped: remember its control port, say that we are ready
 *   memory_object_data_request  a page is missing: supply it
 *   memory_object_data_return   a page was changed: keep it
 *   memory_object_terminate     nobody maps the object any more: give the ports up
 * mach_msg_server() receives the kernel's messages, memory_object_server() calls the function for each.
 * The program is its own client: it maps the file, reads, writes, and looks at what has become of the file.
 */
#include <mach/mach_traps.h>
#include <mach/memory_object_server.h>
#include <mach/memory_object_user.h>
#include <mach/thread_switch.h>

#include "tests/kernel/support/kernel_test.h"

#define PAGE 4096u
#define PAGES 16u

static char file[PAGES * PAGE];
static mach_port_t object;
static volatile unsigned inits, requests, returns, ends;

static void copy(char *to, const char *from, unsigned bytes) {
  while (bytes-- != 0) *to++ = *from++;
}

/* ---- The manager ---- */

kern_return_t memory_object_init(mach_port_t memory_object, mach_port_t control, mach_port_t name,
                                 vm_size_t page_size) {
  (void)memory_object, (void)name, (void)page_size;
  inits++;
  /* Not kept when nobody maps it; copies are made on write. */
  return memory_object_ready(control, FALSE, MEMORY_OBJECT_COPY_DELAY);
}

kern_return_t memory_object_data_request(mach_port_t memory_object, mach_port_t control,
                                         vm_offset_t offset, vm_size_t length, vm_prot_t access) {
  vm_address_t data = 0;
  (void)memory_object, (void)access;
  requests++;
  if (offset + length > sizeof(file)) {
    (void)memory_object_data_error(control, offset, length, KERN_INVALID_ADDRESS);
  } else if (vm_allocate(mach_task_self(), &data, length, TRUE) != KERN_SUCCESS) {
    (void)memory_object_data_error(control, offset, length, KERN_RESOURCE_SHORTAGE);
  } else {
    /* With `deallocate` the pages themselves go to the kernel; nothing is copied again. */
    copy((char *)data, file + offset, length);
    (void)memory_object_data_supply(control, offset, data, length, TRUE, VM_PROT_NONE, FALSE,
                                    MACH_PORT_NULL);
  }
  return mach_port_deallocate(mach_task_self(), control); /* every message brings a send right */
}

kern_return_t memory_object_data_return(mach_port_t memory_object, mach_port_t control,
                                        vm_offset_t offset, vm_offset_t data,
                                        mach_msg_type_number_t length, boolean_t dirty,
                                        boolean_t kernel_copy) {
  (void)memory_object, (void)dirty, (void)kernel_copy;
  returns++;
  copy(file + offset, (const char *)data, length);
  (void)vm_deallocate(mach_task_self(), data, length);
  return mach_port_deallocate(mach_task_self(), control);
}

kern_return_t memory_object_terminate(mach_port_t memory_object, mach_port_t control,
                                      mach_port_t name) {
  (void)memory_object;
  (void)mach_port_destroy(mach_task_self(), control);
  (void)mach_port_destroy(mach_task_self(), name);
  ends++;
  return KERN_SUCCESS;
}

/* We never lock pages, never ask for completions, and set no copy strategy or old form that leads to these. */
kern_return_t memory_object_data_unlock(mach_port_t m, mach_port_t c, vm_offset_t o, vm_size_t l,
                                        vm_prot_t a) {
  (void)m, (void)c, (void)o, (void)l, (void)a;
  return KERN_FAILURE;
}
kern_return_t memory_object_lock_completed(mach_port_t m, mach_port_t c, vm_offset_t o,
                                           vm_size_t l) {
  (void)m, (void)c, (void)o, (void)l;
  return KERN_FAILURE;
}
kern_return_t memory_object_supply_completed(mach_port_t m, mach_port_t c, vm_offset_t o,
                                             vm_size_t l, kern_return_t r, vm_offset_t e) {
  (void)m, (void)c, (void)o, (void)l, (void)r, (void)e;
  return KERN_FAILURE;
}
kern_return_t memory_object_change_completed(mach_port_t m, boolean_t c,
                                             memory_object_copy_strategy_t s) {
  (void)m, (void)c, (void)s;
  return KERN_FAILURE;
}
kern_return_t memory_object_copy(mach_port_t m, memory_object_control_t c, vm_offset_t o,
                                 vm_size_t l, mach_port_t n) {
  (void)m, (void)c, (void)o, (void)l, (void)n;
  return KERN_FAILURE;
}
kern_return_t memory_object_data_write(mach_port_t m, mach_port_t c, vm_offset_t o, vm_offset_t d,
                                       mach_msg_type_number_t l) {
  (void)m, (void)c, (void)o, (void)d, (void)l;
  return KERN_FAILURE;
}

static void manage(void *unused) {
  (void)unused;
  (void)mach_msg_server(memory_object_server, 512, object);
  end_thread();
}

/* ---- The client ---- */

static vm_address_t map_file(void) {
  vm_address_t at = 0;
  check_equal((unsigned)vm_map(mach_task_self(), &at, sizeof(file), 0, TRUE, object, 0, FALSE,
                               VM_PROT_READ | VM_PROT_WRITE, VM_PROT_READ | VM_PROT_WRITE,
                               VM_INHERIT_SHARE),
              KERN_SUCCESS, "the file is mapped");
  return at;
}

static void wait_for(const volatile unsigned *count, unsigned value) {
  unsigned i;
  for (i = 0; i < 100 && *count < value; i++)
    (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 10);
}

void test_main(void) {
  volatile char *text;
  unsigned i;
  for (i = 0; i < sizeof(file); i++) file[i] = (char)('a' + i % 26);
  object = make_port();
  check(start_thread(manage, 0) != MACH_PORT_NULL, "the manager runs");

  text = (volatile char *)map_file();
  check(text[0] == 'a' && text[5 * PAGE] == (char)('a' + 5 * PAGE % 26), "its contents are read");
  check_equal(requests, 2, "two pages were asked for");
  text[5 * PAGE] = '!';
  check_equal((unsigned)vm_deallocate(mach_task_self(), (vm_address_t)text, sizeof(file)),
              KERN_SUCCESS, "the file is unmapped");
  wait_for(&ends, 1);
  check(inits == 1 && returns == 1 && ends == 1, "what was changed came back, then the end");
  check(file[5 * PAGE] == '!' && file[5 * PAGE + 1] == (char)('a' + (5 * PAGE + 1) % 26),
        "the file has changed");

  text = (volatile char *)map_file();
  check(text[5 * PAGE] == '!', "whoever maps it anew sees that");
}
