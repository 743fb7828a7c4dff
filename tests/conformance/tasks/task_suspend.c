#include "tests/conformance/support/threads.h"

static volatile unsigned *counters; /* two */

static mach_port_t two_threads(mach_port_t *task) {
  const vm_address_t stack = conformance_stack();
  const vm_address_t other = conformance_stack();
  mach_port_t first;
  mach_port_t second;
  counters = shared_memory(2 * sizeof(*counters));
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, task));
  first = conformance_thread(*task, stack, count_for_ever, (void *)&counters[0]);
  second = conformance_thread(*task, other, count_for_ever, (void *)&counters[1]);
  REQUIRE_SUCCESS(thread_resume(first));
  REQUIRE_SUCCESS(thread_resume(second));
  REQUIRE(is_counting(&counters[0]));
  REQUIRE(is_counting(&counters[1]));
  return first;
}

CONFORMS(task_suspend, KERN_SUCCESS, "all threads have stopped when it returns; the count goes up") {
  mach_port_t task;
  unsigned seen[2];
  const mach_port_t thread = two_threads(&task);
  EXPECT_SUCCESS(task_suspend(task));
  seen[0] = counters[0];
  seen[1] = counters[1];
  pause_for(60);
  EXPECT_EQUAL(counters[0], seen[0]);
  EXPECT_EQUAL(counters[1], seen[1]);
  EXPECT_EQUAL(task_of(task).suspend_count, 1);
  EXPECT_EQUAL(basic_of(thread).suspend_count, 0);
  EXPECT_EQUAL(basic_of(thread).run_state, TH_STATE_STOPPED);
  EXPECT_SUCCESS(task_suspend(task));
  EXPECT_EQUAL(task_of(task).suspend_count, 2);
  EXPECT_SUCCESS(task_resume(task));
  pause_for(40);
  EXPECT_EQUAL(counters[0], seen[0]);
  EXPECT_SUCCESS(task_resume(task));
  EXPECT(is_counting(&counters[0]));
  EXPECT(is_counting(&counters[1]));
}

CONFORMS(task_suspend, "no newly created thread can execute") {
  const vm_address_t stack = conformance_stack();
  mach_port_t task;
  mach_port_t thread;
  counters = shared_memory(2 * sizeof(*counters));
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  EXPECT_SUCCESS(task_suspend(task));
  thread = conformance_thread(task, stack, count_for_ever, (void *)counters);
  EXPECT_SUCCESS(thread_resume(thread));
  pause_for(50);
  EXPECT_EQUAL(counters[0], 0);
  EXPECT_SUCCESS(task_resume(task));
  EXPECT(is_counting(counters));
}

static void suspend_self(void *stage) {
  *(volatile int *)stage = 1;
  (void)task_suspend(mach_task_self());
  *(volatile int *)stage = 2;
  for (;;) pause_for(1000);
}

CONFORMS(task_suspend, "a task may suspend itself; the calling thread stops too") {
  volatile int *stage = shared_memory(sizeof(*stage));
  const mach_port_t task = start_task(suspend_self, (void *)stage, 0);
  REQUIRE(wait_until(stage, 1, PATIENCE));
  pause_for(40);
  EXPECT_EQUAL(*stage, 1);
  EXPECT_EQUAL(task_of(task).suspend_count, 1);
  EXPECT_SUCCESS(task_resume(task));
  EXPECT(wait_until(stage, 2, PATIENCE));
}

CONFORMS(task_suspend, KERN_INVALID_ARGUMENT, "no task") {
  EXPECT_EQUAL(task_suspend(no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_suspend(mach_thread_self()), KERN_INVALID_ARGUMENT);
}
