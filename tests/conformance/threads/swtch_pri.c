#include "tests/conformance/support/threads.h"

CONFORMS(swtch_pri, FALSE, "nothing else to run") {
  unsigned i;
  unsigned nothing = 0;
  for (i = 0; i < 20; i++) nothing += swtch_pri(0) == FALSE;
  EXPECT(nothing >= 15);
  EXPECT(!sched_of(mach_thread_self()).depressed);
}

CONFORMS(swtch_pri, TRUE, "a thread of worse priority gets the processor; afterwards the priority is restored") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  const mach_port_t self = mach_thread_self();
  REQUIRE_SUCCESS(thread_policy(self, POLICY_FIXEDPRI, 200));
  REQUIRE_SUCCESS(thread_priority(self, 10, FALSE));
  REQUIRE_SUCCESS(thread_policy(thread, POLICY_FIXEDPRI, 20));
  REQUIRE_SUCCESS(thread_priority(thread, 25, FALSE));
  REQUIRE_SUCCESS(thread_resume(thread));
  EXPECT_EQUAL(counter, 0);
  EXPECT_EQUAL(swtch_pri(0), TRUE);
  EXPECT(counter != 0);
  EXPECT_EQUAL(sched_of(self).cur_priority, 10);
  EXPECT(!sched_of(self).depressed);
}

static volatile int entered;

static void give_way(void *unused) {
  (void)unused;
  entered = 1;
  (void)swtch_pri(0);
  entered = 2;
  end_thread();
}

CONFORMS(swtch_pri, "the priority is the lowest there is during this time") {
  static volatile unsigned counter;
  const mach_port_t self = mach_thread_self();
  const mach_port_t counting = make_counting(&counter);
  mach_port_t thread;
  REQUIRE_SUCCESS(thread_policy(self, POLICY_FIXEDPRI, 200));
  REQUIRE_SUCCESS(thread_priority(counting, 20, FALSE));
  REQUIRE_SUCCESS(thread_resume(counting));
  thread = make_thread(mach_task_self(), give_way, 0);
  REQUIRE_SUCCESS(thread_priority(thread, 8, FALSE));
  REQUIRE_SUCCESS(thread_resume(thread)); /* runs at once, being better than this one */
  EXPECT_EQUAL(entered, 1);
  EXPECT(sched_of(thread).depressed);
  EXPECT_EQUAL(sched_of(thread).cur_priority, 31);
  EXPECT(wait_until(&entered, 2, PATIENCE));
}
