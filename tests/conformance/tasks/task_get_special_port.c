#include "tests/conformance/support/threads.h"

CONFORMS(task_get_special_port, KERN_SUCCESS, task_get_kernel_port,
         "the kernel port names the task: a send right, one more with every call") {
  const mach_port_t task = make_empty_task();
  mach_port_t port = MACH_PORT_NULL;
  EXPECT_SUCCESS(task_get_special_port(task, TASK_KERNEL_PORT, &port));
  EXPECT_EQUAL(port, task);
  EXPECT_SUCCESS(task_get_kernel_port(task, &port));
  EXPECT_EQUAL(port, task);
  EXPECT_EQUAL(refs_of(task, MACH_PORT_RIGHT_SEND), 3);
}

CONFORMS(task_get_special_port, task_get_bootstrap_port, task_get_exception_port,
         "the ports that were set") {
  const mach_port_t task = make_empty_task();
  const mach_port_t a = make_port();
  const mach_port_t b = make_port();
  mach_port_t port = MACH_PORT_NULL;
  REQUIRE_SUCCESS(task_set_bootstrap_port(task, a));
  REQUIRE_SUCCESS(task_set_exception_port(task, b));
  EXPECT_SUCCESS(task_get_bootstrap_port(task, &port));
  EXPECT_EQUAL(port, a);
  EXPECT_SUCCESS(task_get_exception_port(task, &port));
  EXPECT_EQUAL(port, b);
  EXPECT_SUCCESS(task_get_special_port(task, TASK_BOOTSTRAP_PORT, &port));
  EXPECT_EQUAL(port, a);
  EXPECT_SUCCESS(task_get_special_port(task, TASK_EXCEPTION_PORT, &port));
  EXPECT_EQUAL(port, b);
}

CONFORMS(task_get_special_port, "a port that has died since, or none") {
  const mach_port_t task = make_empty_task();
  const mach_port_t a = make_port();
  mach_port_t port = 77;
  REQUIRE_SUCCESS(task_set_bootstrap_port(task, MACH_PORT_NULL));
  EXPECT_SUCCESS(task_get_bootstrap_port(task, &port));
  EXPECT_EQUAL(port, MACH_PORT_NULL);
  REQUIRE_SUCCESS(task_set_exception_port(task, a));
  kill_port(a);
  EXPECT_SUCCESS(task_get_exception_port(task, &port));
  EXPECT(port == MACH_PORT_DEAD || (type_of(port) & MACH_PORT_TYPE_DEAD_NAME) != 0);
}

CONFORMS(task_get_special_port, KERN_INVALID_ARGUMENT, "no task, no such port") {
  mach_port_t port;
  EXPECT_EQUAL(task_get_special_port(no_task(), TASK_KERNEL_PORT, &port), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_get_special_port(mach_thread_self(), TASK_KERNEL_PORT, &port),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_get_special_port(mach_task_self(), 0, &port), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_get_special_port(mach_task_self(), 99, &port), KERN_INVALID_ARGUMENT);
}
