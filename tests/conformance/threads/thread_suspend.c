#include "tests/conformance/support/threads.h"

CONFORMS(thread_suspend, KERN_SUCCESS, "no user instruction runs, the count goes up with each call") {
  static volatile unsigned counter;
  const mach_port_t thread = start_counting(&counter);
  unsigned seen;
  REQUIRE(is_counting(&counter));
  EXPECT_SUCCESS(thread_suspend(thread));
  seen = counter;
  pause_for(60);
  EXPECT_EQUAL(counter, seen);
  EXPECT_EQUAL(basic_of(thread).suspend_count, 1);
  EXPECT_EQUAL(basic_of(thread).run_state, TH_STATE_STOPPED);
  EXPECT_SUCCESS(thread_suspend(thread));
  EXPECT_SUCCESS(thread_suspend(thread));
  EXPECT_EQUAL(basic_of(thread).suspend_count, 3);
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT_SUCCESS(thread_resume(thread));
  pause_for(60);
  EXPECT_EQUAL(counter, seen);
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT(is_counting(&counter));
}

CONFORMS(thread_suspend, "a system trap in progress goes on, and returns when the thread resumes") {
  struct receiver r;
  struct message m;
  const mach_port_t port = make_port();
  start_receiver(&r, port, 0);
  EXPECT_SUCCESS(thread_suspend(r.thread));
  make_simple(&m, port, 4);
  EXPECT_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  pause_for(50);
  EXPECT_EQUAL(r.done, 0);
  EXPECT_EQUAL(status_of(port).mps_msgcount, 0);
  EXPECT_SUCCESS(thread_resume(r.thread));
  EXPECT(wait_until(&r.done, 1, PATIENCE));
  EXPECT_EQUAL(r.result, MACH_MSG_SUCCESS);
}

static void suspend_self(void *argument) {
  volatile int *stage = argument;
  *stage = 1;
  (void)thread_suspend(mach_thread_self());
  *stage = 2;
  end_thread();
}

CONFORMS(thread_suspend, "a thread may suspend itself") {
  volatile int stage = 0;
  const mach_port_t thread = start_thread(suspend_self, (void *)&stage);
  REQUIRE(wait_until(&stage, 1, PATIENCE));
  pause_for(30);
  EXPECT_EQUAL(stage, 1);
  EXPECT_EQUAL(basic_of(thread).suspend_count, 1);
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT(wait_until(&stage, 2, PATIENCE));
}

CONFORMS(thread_suspend, KERN_INVALID_ARGUMENT, "no thread") {
  EXPECT_EQUAL(thread_suspend(no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_suspend(mach_task_self()), KERN_INVALID_ARGUMENT);
}
