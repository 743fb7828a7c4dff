#include "tests/conformance/support/threads.h"

CONFORMS(thread_terminate, KERN_SUCCESS, "a running, a suspended and a new thread; their ports die") {
  static volatile unsigned counter;
  mach_port_t threads[3];
  unsigned i;
  unsigned seen;
  const unsigned before = threads_of(mach_task_self());
  threads[0] = start_counting(&counter);
  threads[1] = start_counting(&counter);
  REQUIRE_SUCCESS(thread_suspend(threads[1]));
  REQUIRE_SUCCESS(thread_create(mach_task_self(), &threads[2]));
  REQUIRE(is_counting(&counter));
  for (i = 0; i < 3; i++) {
    EXPECT_SUCCESS(thread_terminate(threads[i]));
    EXPECT_EQUAL(type_of(threads[i]) & MACH_PORT_TYPE_DEAD_NAME, MACH_PORT_TYPE_DEAD_NAME);
  }
  seen = counter;
  pause_for(60);
  EXPECT_EQUAL(counter, seen);
  EXPECT_EQUAL(threads_of(mach_task_self()), before);
}

CONFORMS(thread_terminate, "one that waits for a message: nothing is received by it afterwards") {
  struct receiver r;
  struct message m;
  const mach_port_t port = make_port();
  start_receiver(&r, port, MACH_RCV_INTERRUPT);
  EXPECT_SUCCESS(thread_terminate(r.thread));
  make_simple(&m, port, 4);
  EXPECT_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  pause_for(30);
  EXPECT_EQUAL(r.done, 0);
  EXPECT_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 4);
}

static void end_self(void *argument) {
  volatile int *stage = argument;
  *stage = 1;
  (void)thread_terminate(mach_thread_self());
  *stage = 2;
  for (;;) {
  }
}

CONFORMS(thread_terminate, "a thread may end itself; the call does not return") {
  volatile int stage = 0;
  const mach_port_t thread = start_thread(end_self, (void *)&stage);
  unsigned waited;
  for (waited = 0; waited < PATIENCE && !(type_of(thread) & MACH_PORT_TYPE_DEAD_NAME); waited += 10)
    pause_for(10);
  EXPECT_EQUAL(type_of(thread) & MACH_PORT_TYPE_DEAD_NAME, MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_EQUAL(stage, 1);
}

CONFORMS(thread_terminate, "a thread that has taken an exception: its handler may answer late") {
  struct exception_message e;
  const mach_port_t port = make_port();
  volatile int done = 0;
  const mach_port_t thread = start_faulting(break_once, (void *)&done, port);
  expect_exception(&e, port);
  EXPECT_SUCCESS(thread_terminate(thread));
  (void)answer_exception(&e, KERN_SUCCESS);
  pause_for(30);
  EXPECT_EQUAL(done, 0);
}

CONFORMS(thread_terminate, KERN_INVALID_ARGUMENT, "no thread") {
  EXPECT_EQUAL(thread_terminate(no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_terminate(mach_task_self()), KERN_INVALID_ARGUMENT);
}
