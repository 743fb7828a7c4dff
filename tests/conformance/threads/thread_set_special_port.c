#include "tests/conformance/support/threads.h"

CONFORMS(thread_set_special_port, KERN_SUCCESS, thread_set_exception_port,
         "the exception port receives the thread's exceptions") {
  struct exception_message e;
  volatile int done = 0;
  const mach_port_t port = make_port();
  const mach_port_t thread = start_faulting(break_once, (void *)&done, port);
  expect_exception(&e, port);
  EXPECT_EQUAL(e.thread, thread);
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}

CONFORMS(thread_set_special_port, thread_set_kernel_port,
         "the kernel port given is what the thread is told; the old one goes on naming it") {
  static volatile unsigned counter;
  const mach_port_t thread = start_counting(&counter);
  const mach_port_t stand_in = make_port();
  mach_port_t port = MACH_PORT_NULL;
  EXPECT_SUCCESS(thread_set_kernel_port(thread, stand_in));
  EXPECT_SUCCESS(thread_get_kernel_port(thread, &port));
  EXPECT_EQUAL(port, stand_in);
  EXPECT_SUCCESS(thread_suspend(thread));
  EXPECT_EQUAL(basic_of(thread).suspend_count, 1);
}

CONFORMS(thread_set_special_port, "an exception message names the thread by the kernel port it was given") {
  struct exception_message e;
  volatile int done = 0;
  const mach_port_t port = make_port();
  const mach_port_t stand_in = make_port();
  const mach_port_t thread = make_thread(mach_task_self(), break_once, (void *)&done);
  REQUIRE_SUCCESS(thread_set_exception_port(thread, port));
  REQUIRE_SUCCESS(thread_set_kernel_port(thread, stand_in));
  REQUIRE_SUCCESS(thread_resume(thread));
  expect_exception(&e, port);
  EXPECT_EQUAL(e.thread, stand_in);
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}

CONFORMS(thread_set_special_port, "null takes the port away, and the old right is given up") {
  const mach_port_t port = make_port();
  const mach_port_t notify = make_port();
  mach_port_t previous;
  mach_port_t got = 5;
  REQUIRE_SUCCESS(thread_set_exception_port(mach_thread_self(), port));
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_NO_SENDERS, 0,
                                                 notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, -1));
  EXPECT(is_empty(notify));
  EXPECT_SUCCESS(thread_set_exception_port(mach_thread_self(), MACH_PORT_NULL));
  (void)expect_notification(notify, MACH_NOTIFY_NO_SENDERS);
  EXPECT_SUCCESS(thread_get_exception_port(mach_thread_self(), &got));
  EXPECT_EQUAL(got, MACH_PORT_NULL);
}

CONFORMS(thread_set_special_port, KERN_INVALID_ARGUMENT, "no thread, no such port") {
  const mach_port_t port = make_port();
  EXPECT_EQUAL(thread_set_special_port(no_task(), THREAD_EXCEPTION_PORT, port),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_set_special_port(mach_task_self(), THREAD_EXCEPTION_PORT, port),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_set_special_port(mach_thread_self(), 0, port), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_set_special_port(mach_thread_self(), 4, port), KERN_INVALID_ARGUMENT);
}
