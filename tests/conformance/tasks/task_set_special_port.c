#include "tests/conformance/support/threads.h"

CONFORMS(task_set_special_port, KERN_SUCCESS, task_set_exception_port,
         "the exception port receives exceptions of all threads") {
  struct exception_message e;
  volatile int done = 0;
  const mach_port_t port = make_port();
  EXPECT_SUCCESS(task_set_exception_port(mach_task_self(), port));
  (void)start_thread(break_once, (void *)&done);
  expect_exception(&e, port);
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}

static volatile mach_port_t *seen;

static void tell(void *unused) {
  (void)unused;
  seen[0] = bootstrap_port; /* mach_init() asked for it */
  seen[1] = 1;
  for (;;) pause_for(1000);
}

CONFORMS(task_set_special_port, task_set_bootstrap_port, "what a task asks for other services") {
  mach_port_t port = MACH_PORT_NULL;
  const mach_port_t mine = make_port();
  seen = shared_memory(64);
  EXPECT_SUCCESS(task_set_bootstrap_port(mach_task_self(), mine));
  EXPECT_SUCCESS(task_get_bootstrap_port(mach_task_self(), &port));
  EXPECT_EQUAL(port, mine);
  (void)start_task(tell, 0, 0);
  REQUIRE(wait_until((volatile int *)&seen[1], 1, PATIENCE));
  EXPECT(MACH_PORT_VALID(seen[0]));
}

CONFORMS(task_set_special_port, task_set_kernel_port,
         "what the task is told; the old port goes on naming it, and exceptions show the new one") {
  struct exception_message e;
  volatile int done = 0;
  const mach_port_t stand_in = make_port();
  const mach_port_t exceptions = make_port();
  const mach_port_t self = mach_task_self();
  mach_port_t port = MACH_PORT_NULL;
  EXPECT_SUCCESS(task_set_kernel_port(self, stand_in));
  EXPECT_EQUAL((mach_task_self)(), stand_in);
  EXPECT_SUCCESS(task_get_kernel_port(self, &port));
  EXPECT_EQUAL(port, stand_in);
  EXPECT_EQUAL(task_of(self).suspend_count, 0);
  (void)start_faulting(break_once, (void *)&done, exceptions);
  expect_exception(&e, exceptions);
  EXPECT_EQUAL(e.task, stand_in);
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}

CONFORMS(task_set_special_port, "null takes the port away, and the old right is given up; by trap and by message") {
  const mach_port_t task = make_empty_task();
  const mach_port_t port = make_port();
  const mach_port_t notify = make_port();
  mach_port_t previous;
  mach_port_t got = 5;
  EXPECT_SUCCESS(syscall_task_set_special_port(task, TASK_BOOTSTRAP_PORT, port));
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_NO_SENDERS, 0,
                                                 notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, -1));
  EXPECT(is_empty(notify));
  EXPECT_SUCCESS(task_set_bootstrap_port(task, MACH_PORT_NULL));
  (void)expect_notification(notify, MACH_NOTIFY_NO_SENDERS);
  EXPECT_SUCCESS(task_get_bootstrap_port(task, &got));
  EXPECT_EQUAL(got, MACH_PORT_NULL);
}

CONFORMS(task_set_special_port, KERN_INVALID_ARGUMENT, "no task, no such port") {
  const mach_port_t port = make_port();
  EXPECT_EQUAL(task_set_special_port(no_task(), TASK_BOOTSTRAP_PORT, port), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_set_special_port(mach_thread_self(), TASK_BOOTSTRAP_PORT, port),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_set_special_port(mach_task_self(), 0, port), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_set_special_port(mach_task_self(), 99, port), KERN_INVALID_ARGUMENT);
}
