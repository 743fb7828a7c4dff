#include "tests/conformance/support/threads.h"

CONFORMS(thread_get_special_port, KERN_SUCCESS, thread_get_kernel_port,
         "the kernel port names the thread: a send right, one more with every call") {
  const mach_port_t thread = mach_thread_self();
  mach_port_t port = MACH_PORT_NULL;
  const unsigned before = refs_of(thread, MACH_PORT_RIGHT_SEND);
  EXPECT_SUCCESS(thread_get_special_port(thread, THREAD_KERNEL_PORT, &port));
  EXPECT_EQUAL(port, thread);
  EXPECT_SUCCESS(thread_get_kernel_port(thread, &port));
  EXPECT_EQUAL(port, thread);
  EXPECT_EQUAL(refs_of(thread, MACH_PORT_RIGHT_SEND), before + 2);
}

CONFORMS(thread_get_special_port, thread_get_exception_port, "the exception port, null until it is set") {
  const mach_port_t exceptions = make_port();
  mach_port_t port = 77;
  EXPECT_SUCCESS(thread_get_exception_port(mach_thread_self(), &port));
  EXPECT_EQUAL(port, MACH_PORT_NULL);
  REQUIRE_SUCCESS(thread_set_exception_port(mach_thread_self(), exceptions));
  EXPECT_SUCCESS(thread_get_exception_port(mach_thread_self(), &port));
  EXPECT_EQUAL(port, exceptions);
  EXPECT_EQUAL(refs_of(exceptions, MACH_PORT_RIGHT_SEND), 2);
}

CONFORMS(thread_get_special_port, "another task may operate on the thread with the right") {
  const mach_port_t task = make_empty_task();
  mach_port_t thread = MACH_PORT_NULL;
  mach_port_t port = MACH_PORT_NULL;
  REQUIRE_SUCCESS(thread_create(task, &thread));
  EXPECT_SUCCESS(thread_get_special_port(thread, THREAD_KERNEL_PORT, &port));
  EXPECT_EQUAL(port, thread);
  EXPECT_SUCCESS(thread_suspend(port));
  EXPECT_EQUAL(basic_of(thread).suspend_count, 2);
}

CONFORMS(thread_get_special_port, KERN_INVALID_ARGUMENT, "no thread, no such port") {
  mach_port_t port;
  EXPECT_EQUAL(thread_get_special_port(no_task(), THREAD_KERNEL_PORT, &port),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_get_special_port(mach_task_self(), THREAD_KERNEL_PORT, &port),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_get_special_port(mach_thread_self(), 0, &port), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_get_special_port(mach_thread_self(), 99, &port), KERN_INVALID_ARGUMENT);
}
