#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

static unsigned min_quantum(void) {
  integer_t words[2];
  mach_msg_type_number_t count = 2;
  REQUIRE_SUCCESS(host_info(mach_host_self(), HOST_SCHED_INFO, words, &count));
  return (unsigned)words[1];
}

CONFORMS(thread_policy, KERN_SUCCESS, "fixed priority: use does not make it worse; timesharing: it does") {
  static volatile unsigned counter;
  const mach_port_t self = mach_thread_self();
  const mach_port_t thread = start_counting(&counter);
  REQUIRE_SUCCESS(thread_priority(self, 8, FALSE));
  REQUIRE_SUCCESS(thread_priority(thread, 15, FALSE));
  EXPECT_SUCCESS(thread_policy(thread, POLICY_FIXEDPRI, 100));
  pause_for(1200);
  EXPECT_EQUAL(sched_of(thread).cur_priority, 15);
  EXPECT_EQUAL(sched_of(thread).policy, POLICY_FIXEDPRI);
  EXPECT_SUCCESS(thread_policy(thread, POLICY_TIMESHARE, 0));
  pause_for(1200);
  EXPECT(sched_of(thread).cur_priority > 15);
  EXPECT_EQUAL(sched_of(thread).policy, POLICY_TIMESHARE);
}

CONFORMS(thread_policy, "fixed priorities: a worse thread never runs while a better one computes") {
  static volatile unsigned better;
  static volatile unsigned worse;
  mach_port_t a = make_counting(&better);
  mach_port_t b = make_counting(&worse);
  REQUIRE_SUCCESS(thread_priority(mach_thread_self(), 8, FALSE));
  REQUIRE_SUCCESS(thread_policy(a, POLICY_FIXEDPRI, 20));
  REQUIRE_SUCCESS(thread_policy(b, POLICY_FIXEDPRI, 20));
  REQUIRE_SUCCESS(thread_priority(a, 14, FALSE));
  REQUIRE_SUCCESS(thread_priority(b, 15, FALSE));
  REQUIRE_SUCCESS(thread_resume(a));
  REQUIRE_SUCCESS(thread_resume(b));
  pause_for(600);
  EXPECT(better != 0);
  EXPECT_EQUAL(worse, 0);
  REQUIRE_SUCCESS(thread_suspend(a));
  EXPECT(is_counting(&worse));
}

CONFORMS(thread_policy, "equal fixed priorities take turns with the quantum given") {
  static volatile unsigned counters[2];
  mach_port_t threads[2];
  unsigned i;
  REQUIRE_SUCCESS(thread_priority(mach_thread_self(), 8, FALSE));
  for (i = 0; i < 2; i++) {
    threads[i] = make_counting(&counters[i]);
    EXPECT_SUCCESS(thread_policy(threads[i], POLICY_FIXEDPRI, (int)(4 * min_quantum())));
    EXPECT_EQUAL(sched_of(threads[i]).data, 4 * min_quantum());
    REQUIRE_SUCCESS(thread_priority(threads[i], 14, FALSE));
  }
  for (i = 0; i < 2; i++) REQUIRE_SUCCESS(thread_resume(threads[i]));
  pause_for(800);
  for (i = 0; i < 2; i++) REQUIRE_SUCCESS(thread_suspend(threads[i]));
  for (i = 0; i < 2; i++) EXPECT(microseconds_of(basic_of(threads[i]).user_time) >= 80000);
}

CONFORMS(thread_policy, "timesharing: those that compute get about the same, and nobody starves") {
  static volatile unsigned counters[3];
  mach_port_t threads[3];
  unsigned i;
  for (i = 0; i < 3; i++) threads[i] = start_counting(&counters[i]);
  REQUIRE_SUCCESS(thread_priority(threads[2], 16, FALSE));
  pause_for(3000);
  for (i = 0; i < 2; i++) EXPECT(microseconds_of(basic_of(threads[i]).user_time) >= 200000);
  for (i = 0; i < 100 && counters[2] == 0; i++) pause_for(100);
  EXPECT(counters[2] != 0);
}

CONFORMS(thread_policy, KERN_FAILURE, "the processor set does not permit fixed priorities") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  const mach_port_t set = set_control();
  REQUIRE_SUCCESS(processor_set_policy_disable(set, POLICY_FIXEDPRI, FALSE));
  EXPECT_EQUAL(thread_policy(thread, POLICY_FIXEDPRI, 50), KERN_FAILURE);
  EXPECT_EQUAL(sched_of(thread).policy, POLICY_TIMESHARE);
  REQUIRE_SUCCESS(processor_set_policy_enable(set, POLICY_FIXEDPRI));
  EXPECT_SUCCESS(thread_policy(thread, POLICY_FIXEDPRI, 50));
}

CONFORMS(thread_policy, KERN_INVALID_ARGUMENT, "no thread, no such policy") {
  EXPECT_EQUAL(thread_policy(no_task(), POLICY_TIMESHARE, 0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_policy(mach_task_self(), POLICY_TIMESHARE, 0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_policy(mach_thread_self(), 0, 0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_policy(mach_thread_self(), POLICY_LAST + 1, 0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_policy(mach_thread_self(), -1, 0), KERN_INVALID_ARGUMENT);
}
