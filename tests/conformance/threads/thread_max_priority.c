#include "tests/conformance/support/threads.h"

CONFORMS(thread_max_priority, KERN_SUCCESS, "any legal value with the processor set's control port") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  const mach_port_t set = set_control();
  EXPECT_SUCCESS(thread_max_priority(thread, set, 0));
  EXPECT_EQUAL(sched_of(thread).max_priority, 0);
  EXPECT_SUCCESS(thread_priority(thread, 0, FALSE));
  EXPECT_EQUAL(sched_of(thread).base_priority, 0);
  EXPECT_SUCCESS(thread_max_priority(thread, set, 31));
  EXPECT_EQUAL(sched_of(thread).max_priority, 31);
  EXPECT_EQUAL(sched_of(thread).base_priority, 31);
  EXPECT_SUCCESS(thread_max_priority(thread, set, 7));
  EXPECT_EQUAL(sched_of(thread).base_priority, 31);
}

CONFORMS(thread_max_priority, KERN_INVALID_ARGUMENT, "no thread, the set's name port, no priority") {
  mach_port_t name;
  const mach_port_t set = set_control();
  const mach_port_t self = mach_thread_self();
  REQUIRE_SUCCESS(processor_set_default(mach_host_self(), &name));
  EXPECT_EQUAL(thread_max_priority(no_task(), set, 20), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_max_priority(mach_task_self(), set, 20), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_max_priority(self, name, 20), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_max_priority(self, host_control, 20), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_max_priority(self, set, 32), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_max_priority(self, set, -1), KERN_INVALID_ARGUMENT);
}

CONFORMS(thread_max_priority, "the priority follows when it would be better; the thread cannot undo it") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  EXPECT_SUCCESS(thread_max_priority(thread, set_control(), 20));
  EXPECT_EQUAL(sched_of(thread).base_priority, 20);
  EXPECT_EQUAL(sched_of(thread).cur_priority, 20);
  EXPECT_EQUAL(thread_priority(thread, 19, TRUE), KERN_FAILURE);
  EXPECT_SUCCESS(thread_priority(thread, 20, FALSE));
}
