#include "tests/conformance/support/threads.h"

CONFORMS(thread_wire, KERN_SUCCESS, "wired and not wired; the thread goes on as before") {
  static volatile unsigned counter;
  const mach_port_t thread = start_counting(&counter);
  EXPECT_SUCCESS(thread_wire(host_control, thread, TRUE));
  EXPECT(is_counting(&counter));
  EXPECT_SUCCESS(thread_wire(host_control, thread, TRUE));
  EXPECT_SUCCESS(thread_wire(host_control, thread, FALSE));
  EXPECT(is_counting(&counter));
}

CONFORMS(thread_wire, KERN_INVALID_ARGUMENT, "the name port is no control port; no thread") {
  EXPECT_EQUAL(thread_wire(mach_host_self(), mach_thread_self(), TRUE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_wire(mach_task_self(), mach_thread_self(), TRUE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_wire(host_control, mach_task_self(), TRUE), KERN_INVALID_ARGUMENT);
}

static void touch_pages(void *done) {
  vm_address_t address = 0;
  unsigned i;
  (void)vm_allocate(mach_task_self(), &address, 100 * vm_page_size, TRUE);
  for (i = 0; i < 100; i++) *(volatile char *)(address + i * vm_page_size) = 1;
  *(volatile int *)done = 1;
  end_thread();
}

CONFORMS(thread_wire, "a wired thread consumes memory like others while there is enough") {
  volatile int done = 0;
  const mach_port_t thread = make_thread(mach_task_self(), touch_pages, (void *)&done);
  EXPECT_SUCCESS(thread_wire(host_control, thread, TRUE));
  REQUIRE_SUCCESS(thread_resume(thread));
  EXPECT(wait_until(&done, 1, PATIENCE));
}
