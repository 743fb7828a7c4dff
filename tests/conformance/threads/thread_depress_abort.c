#include "tests/conformance/support/threads.h"

static volatile int entered;

static void depress_self(void *option) {
  entered = 1;
  (void)thread_switch(MACH_PORT_NULL, (int)(unsigned)option, 60000);
  entered = 2;
  end_thread();
}

/* The counting threads keep a depressed one from running. */
CONFORMS(thread_depress_abort, KERN_SUCCESS, "ends a depression: the priority is what it was") {
  static volatile unsigned counter;
  mach_port_t thread;
  (void)start_counting(&counter);
  thread = start_thread(depress_self, (void *)SWITCH_OPTION_DEPRESS);
  REQUIRE(wait_until(&entered, 1, PATIENCE));
  REQUIRE(sched_of(thread).depressed);
  EXPECT_EQUAL(sched_of(thread).cur_priority, 31);
  EXPECT_EQUAL(entered, 1);
  EXPECT_SUCCESS(thread_depress_abort(thread));
  EXPECT(!sched_of(thread).depressed);
  EXPECT(sched_of(thread).cur_priority < 31);
  EXPECT(wait_until(&entered, 2, PATIENCE));
}

static void give_way(void *unused) {
  (void)unused;
  entered = 1;
  (void)swtch_pri(0);
  entered = 2;
  end_thread();
}

CONFORMS(thread_depress_abort, "also one of swtch_pri") {
  static volatile unsigned counter;
  mach_port_t thread;
  (void)start_counting(&counter);
  thread = start_thread(give_way, 0);
  REQUIRE(wait_until(&entered, 1, PATIENCE));
  EXPECT_SUCCESS(thread_depress_abort(thread));
  EXPECT(wait_until(&entered, 2, PATIENCE));
  EXPECT(type_of(thread) != 0);
}

CONFORMS(thread_depress_abort, "nothing to cancel is no error, by trap and by message") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  EXPECT_SUCCESS(thread_depress_abort(thread));
  EXPECT_SUCCESS(syscall_thread_depress_abort(thread));
  EXPECT_SUCCESS(thread_depress_abort(mach_thread_self()));
}

CONFORMS(thread_depress_abort, KERN_INVALID_ARGUMENT, "no thread") {
  EXPECT_EQUAL(thread_depress_abort(no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_depress_abort(mach_task_self()), KERN_INVALID_ARGUMENT);
}
