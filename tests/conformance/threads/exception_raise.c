#include "tests/conformance/threads/exception_server.h"

static mach_port_t port;
static volatile int served;

static void serve(void *unused) {
  (void)unused;
  serve_exception(port);
  served = 1;
  end_thread();
}

static kern_return_t refuse(void) { return KERN_PROTECTION_FAILURE; }

CONFORMS(exception_raise, KERN_SUCCESS, "the server is told everything, and the thread takes no exception") {
  port = make_port();
  (void)start_thread(serve, 0);
  EXPECT_SUCCESS(exception_raise(port, mach_thread_self(), mach_task_self(), EXC_EMULATION, 17, 18));
  EXPECT_EQUAL(caught.port, port);
  EXPECT_EQUAL(caught.thread, mach_thread_self());
  EXPECT_EQUAL(caught.task, mach_task_self());
  EXPECT_EQUAL(caught.exception, EXC_EMULATION);
  EXPECT_EQUAL(caught.code, 17);
  EXPECT_EQUAL(caught.subcode, 18);
  EXPECT(wait_until(&served, 1, PATIENCE));
}

CONFORMS(exception_raise, "another value is the server's own") {
  port = make_port();
  on_exception = refuse;
  (void)start_thread(serve, 0);
  EXPECT_EQUAL(exception_raise(port, mach_thread_self(), mach_task_self(), EXC_SOFTWARE, 0x10000, 2),
               KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(caught.exception, EXC_SOFTWARE);
  EXPECT_EQUAL(caught.code, 0x10000);
  EXPECT(wait_until(&served, 1, PATIENCE));
}

static void raise_for_other(void *argument) {
  const struct exception_message *e = argument;
  (void)exception_raise(port, e->thread, e->task, (int)e->exception, (int)e->code,
                        (int)e->subcode);
  end_thread();
}

CONFORMS(exception_raise, "an intermediary passes an exception on; the message looks like the kernel's") {
  struct exception_message first;
  struct exception_message second;
  volatile int done = 0;
  const mach_port_t between = make_port();
  port = make_port();
  (void)start_faulting(break_once, (void *)&done, between);
  expect_exception(&first, between);
  (void)start_thread(raise_for_other, &first);
  expect_exception(&second, port);
  EXPECT_EQUAL(second.m.head.msgh_size, first.m.head.msgh_size);
  EXPECT_EQUAL(second.thread, first.thread);
  EXPECT_EQUAL(second.task, first.task);
  EXPECT_EQUAL(second.exception, EXC_BREAKPOINT);
  EXPECT_EQUAL(second.code, EXC_I386_BPT);
  EXPECT_EQUAL(answer_exception(&second, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(answer_exception(&first, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}
