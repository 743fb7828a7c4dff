#include "tests/conformance/support/threads.h"

CONFORMS(thread_sched_info, "policy and its data, base, maximum and current priority") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  struct thread_sched_info s;
  REQUIRE_SUCCESS(thread_priority(thread, 20, FALSE));
  s = sched_of(thread);
  EXPECT_EQUAL(s.policy, POLICY_TIMESHARE);
  EXPECT_EQUAL(s.base_priority, 20);
  EXPECT_EQUAL(s.cur_priority, 20);
  EXPECT_EQUAL(s.max_priority, 7);
  EXPECT(!s.depressed);
  REQUIRE_SUCCESS(thread_policy(thread, POLICY_FIXEDPRI, 50));
  s = sched_of(thread);
  EXPECT_EQUAL(s.policy, POLICY_FIXEDPRI);
  EXPECT_EQUAL(s.data, 50);
}

static volatile int entered;

static void depress_self(void *unused) {
  (void)unused;
  entered = 1;
  (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_DEPRESS, 60000);
  end_thread();
}

CONFORMS(thread_sched_info, "a depressed thread: the lowest priority, and the one it comes from") {
  static volatile unsigned counter;
  const mach_port_t thread = make_thread(mach_task_self(), depress_self, 0);
  struct thread_sched_info s;
  (void)start_counting(&counter);
  REQUIRE_SUCCESS(thread_priority(thread, 10, FALSE));
  REQUIRE_SUCCESS(thread_resume(thread));
  REQUIRE(wait_until(&entered, 1, PATIENCE));
  s = sched_of(thread);
  EXPECT(s.depressed);
  EXPECT_EQUAL(s.cur_priority, 31);
  EXPECT_EQUAL(s.depress_priority, 10);
  EXPECT_EQUAL(s.base_priority, 10);
}
