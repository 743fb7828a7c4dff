#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

static unsigned now(void) {
  time_value_t t;
  REQUIRE_SUCCESS(host_get_time(mach_host_self(), &t));
  return microseconds_of(t) / 1000;
}

static unsigned min_timeout(void) {
  integer_t words[2];
  mach_msg_type_number_t count = 2;
  REQUIRE_SUCCESS(host_info(mach_host_self(), HOST_SCHED_INFO, words, &count));
  return (unsigned)words[0];
}

CONFORMS(thread_switch, KERN_SUCCESS, "the thread named runs at once, whatever its priority and policy") {
  static volatile unsigned counters[2];
  mach_port_t threads[2];
  unsigned i;
  REQUIRE_SUCCESS(thread_policy(mach_thread_self(), POLICY_FIXEDPRI, 1000));
  REQUIRE_SUCCESS(thread_priority(mach_thread_self(), 8, FALSE));
  for (i = 0; i < 2; i++) {
    threads[i] = make_counting(&counters[i]);
    REQUIRE_SUCCESS(thread_policy(threads[i], POLICY_FIXEDPRI, 100));
    REQUIRE_SUCCESS(thread_priority(threads[i], i == 0 ? 15 : 25, FALSE));
    REQUIRE_SUCCESS(thread_resume(threads[i]));
  }
  EXPECT_EQUAL(counters[1], 0);
  /* More than once: a clock interrupt may come before the thread's first instruction. */
  for (i = 0; i < 20 && counters[1] == 0; i++)
    EXPECT_SUCCESS(thread_switch(threads[1], SWITCH_OPTION_NONE, 60000));
  EXPECT(counters[1] != 0);
  EXPECT_EQUAL(counters[0], 0);
}

CONFORMS(thread_switch, "a hint that cannot be run is ignored: suspended, waiting, itself, no thread, nothing") {
  static volatile unsigned counter;
  struct receiver r;
  const mach_port_t suspended = make_counting(&counter);
  start_receiver(&r, make_port(), 0);
  EXPECT_SUCCESS(thread_switch(suspended, SWITCH_OPTION_NONE, 0));
  EXPECT_SUCCESS(thread_switch(r.thread, SWITCH_OPTION_NONE, 0));
  EXPECT_SUCCESS(thread_switch(mach_thread_self(), SWITCH_OPTION_NONE, 0));
  EXPECT_SUCCESS(thread_switch(mach_task_self(), SWITCH_OPTION_NONE, 0));
  EXPECT_SUCCESS(thread_switch(unused_name(), SWITCH_OPTION_NONE, 0));
  EXPECT_SUCCESS(thread_switch(ended_thread(), SWITCH_OPTION_NONE, 0));
  EXPECT_SUCCESS(thread_switch(MACH_PORT_NULL, SWITCH_OPTION_NONE, 0));
  EXPECT_EQUAL(counter, 0);
}

CONFORMS(thread_switch, "SWITCH_OPTION_WAIT blocks for the time given, in units of milliseconds") {
  const unsigned start = now();
  unsigned took;
  EXPECT_SUCCESS(thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 200));
  took = now() - start;
  EXPECT(took >= 200);
  EXPECT(took <= 200 + 15 * min_timeout());
}

CONFORMS(thread_switch, "SWITCH_OPTION_WAIT gives the thread named the processor first") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  unsigned start;
  REQUIRE_SUCCESS(thread_policy(thread, POLICY_FIXEDPRI, 20));
  REQUIRE_SUCCESS(thread_priority(thread, 25, FALSE));
  REQUIRE_SUCCESS(thread_resume(thread));
  start = now();
  EXPECT_SUCCESS(thread_switch(thread, SWITCH_OPTION_WAIT, 100));
  EXPECT(counter != 0);
  EXPECT(now() - start >= 100);
  EXPECT(now() - start <= 100 + 15 * min_timeout());
}

static volatile int stage;

static void wait_long(void *unused) {
  (void)unused;
  stage = 1;
  (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 60000);
  stage = 2;
  end_thread();
}

CONFORMS(thread_switch, "the wait is not cancelled by thread_resume, but by thread_abort") {
  const mach_port_t thread = start_thread(wait_long, 0);
  REQUIRE(wait_until(&stage, 1, PATIENCE));
  REQUIRE(wait_for_state(thread, TH_STATE_WAITING));
  EXPECT_EQUAL(thread_resume(thread), KERN_FAILURE);
  EXPECT_SUCCESS(thread_suspend(thread));
  EXPECT_SUCCESS(thread_resume(thread));
  pause_for(50);
  EXPECT_EQUAL(stage, 1);
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT(wait_until(&stage, 2, PATIENCE));
}

CONFORMS(thread_switch, "SWITCH_OPTION_DEPRESS lets the worst thread run until the time has passed") {
  static volatile unsigned counter;
  const mach_port_t self = mach_thread_self();
  const mach_port_t thread = make_counting(&counter);
  unsigned start;
  REQUIRE_SUCCESS(thread_policy(self, POLICY_FIXEDPRI, 100));
  REQUIRE_SUCCESS(thread_priority(self, 8, FALSE));
  REQUIRE_SUCCESS(thread_policy(thread, POLICY_FIXEDPRI, 20));
  REQUIRE_SUCCESS(thread_priority(thread, 30, FALSE));
  REQUIRE_SUCCESS(thread_resume(thread));
  start = now();
  EXPECT_SUCCESS(thread_switch(MACH_PORT_NULL, SWITCH_OPTION_DEPRESS, 200));
  EXPECT(now() - start >= 190);
  EXPECT(now() - start <= 200 + 15 * min_timeout());
  EXPECT(counter != 0);
  EXPECT(!sched_of(self).depressed);
  EXPECT_EQUAL(sched_of(self).cur_priority, 8);
}

CONFORMS(thread_switch, "the depression is over when there is nothing better to do") {
  const unsigned start = now();
  EXPECT_SUCCESS(thread_switch(MACH_PORT_NULL, SWITCH_OPTION_DEPRESS, 5000));
  EXPECT(now() - start < 1000);
  EXPECT(!sched_of(mach_thread_self()).depressed);
}

static void depress_long(void *unused) {
  (void)unused;
  stage = 1;
  (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_DEPRESS, 60000);
  stage = 2;
  end_thread();
}

static mach_port_t depressed_thread(void) {
  static volatile unsigned counter;
  mach_port_t thread;
  (void)start_counting(&counter);
  thread = start_thread(depress_long, 0);
  REQUIRE(wait_until(&stage, 1, PATIENCE));
  REQUIRE(sched_of(thread).depressed);
  return thread;
}

CONFORMS(thread_switch, "handing the processor to a depressed thread ends its depression") {
  const mach_port_t thread = depressed_thread();
  EXPECT_EQUAL(stage, 1);
  EXPECT_SUCCESS(thread_switch(thread, SWITCH_OPTION_NONE, 0));
  EXPECT(wait_until(&stage, 2, PATIENCE));
}

CONFORMS(thread_switch, "thread_priority does not affect the depression") {
  const mach_port_t thread = depressed_thread();
  EXPECT_SUCCESS(thread_priority(thread, 8, FALSE));
  EXPECT(sched_of(thread).depressed);
  EXPECT_EQUAL(sched_of(thread).cur_priority, 31);
  EXPECT_EQUAL(stage, 1);
  EXPECT_SUCCESS(thread_depress_abort(thread));
  EXPECT(wait_until(&stage, 2, PATIENCE));
}

CONFORMS(thread_switch, "thread_abort ends the depression") {
  const mach_port_t thread = depressed_thread();
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT(wait_until(&stage, 2, PATIENCE));
}

CONFORMS(thread_switch, KERN_INVALID_ARGUMENT, "no such option") {
  EXPECT_EQUAL(thread_switch(MACH_PORT_NULL, 3, 0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_switch(MACH_PORT_NULL, -1, 0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_switch(mach_thread_self(), 99, 0), KERN_INVALID_ARGUMENT);
}
