#include "tests/conformance/support/threads.h"

CONFORMS(thread_priority, KERN_SUCCESS, "any value from the maximum to 31; the maximum stays") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  int p;
  for (p = 31; p >= 7; p--) {
    EXPECT_SUCCESS(thread_priority(thread, p, FALSE));
    EXPECT_EQUAL(sched_of(thread).base_priority, p);
    EXPECT_EQUAL(sched_of(thread).cur_priority, p);
  }
  EXPECT_EQUAL(sched_of(thread).max_priority, 7);
}

CONFORMS(thread_priority, "set_max lowers the maximum too") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  EXPECT_SUCCESS(thread_priority(thread, 15, TRUE));
  EXPECT_EQUAL(sched_of(thread).max_priority, 15);
  EXPECT_EQUAL(sched_of(thread).base_priority, 15);
  EXPECT_SUCCESS(thread_priority(thread, 18, FALSE));
  EXPECT_SUCCESS(thread_priority(thread, 15, FALSE));
}

CONFORMS(thread_priority, KERN_FAILURE, "better than the maximum; nothing changes") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  REQUIRE_SUCCESS(thread_priority(thread, 15, TRUE));
  EXPECT_EQUAL(thread_priority(thread, 14, FALSE), KERN_FAILURE);
  EXPECT_EQUAL(thread_priority(thread, 0, TRUE), KERN_FAILURE);
  EXPECT_EQUAL(sched_of(thread).base_priority, 15);
  EXPECT_EQUAL(sched_of(thread).max_priority, 15);
}

static volatile int ran;

static void run_once(void *unused) {
  (void)unused;
  ran = 1;
  end_thread();
}

CONFORMS(thread_priority, "a thread made better than the calling one runs at once") {
  const mach_port_t self = mach_thread_self();
  mach_port_t thread;
  REQUIRE_SUCCESS(thread_policy(self, POLICY_FIXEDPRI, 1000));
  REQUIRE_SUCCESS(thread_priority(self, 12, FALSE));
  thread = make_thread(mach_task_self(), run_once, 0);
  REQUIRE_SUCCESS(thread_priority(thread, 20, FALSE));
  REQUIRE_SUCCESS(thread_resume(thread));
  EXPECT_EQUAL(ran, 0);
  EXPECT_SUCCESS(thread_priority(thread, 10, FALSE));
  EXPECT_EQUAL(ran, 1);
}

CONFORMS(thread_priority, KERN_INVALID_ARGUMENT, "no thread, no priority") {
  EXPECT_EQUAL(thread_priority(no_task(), 20, FALSE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_priority(mach_task_self(), 20, FALSE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_priority(mach_thread_self(), 32, FALSE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_priority(mach_thread_self(), -1, FALSE), KERN_INVALID_ARGUMENT);
}
