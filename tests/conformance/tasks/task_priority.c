#include "tests/conformance/support/threads.h"

CONFORMS(task_priority, KERN_SUCCESS, "of threads created afterwards; existing ones keep theirs") {
  const mach_port_t task = make_empty_task();
  mach_port_t old;
  mach_port_t fresh;
  REQUIRE_SUCCESS(thread_create(task, &old));
  EXPECT_SUCCESS(task_priority(task, 20, FALSE));
  REQUIRE_SUCCESS(thread_create(task, &fresh));
  EXPECT_EQUAL(sched_of(old).base_priority, 12);
  EXPECT_EQUAL(sched_of(fresh).base_priority, 20);
  EXPECT_EQUAL(task_of(task).base_priority, 20);
}

CONFORMS(task_priority, "change_threads changes existing threads too") {
  const mach_port_t task = make_empty_task();
  mach_port_t threads[3];
  unsigned i;
  for (i = 0; i < 3; i++) REQUIRE_SUCCESS(thread_create(task, &threads[i]));
  EXPECT_SUCCESS(task_priority(task, 22, TRUE));
  for (i = 0; i < 3; i++) EXPECT_EQUAL(sched_of(threads[i]).base_priority, 22);
}

CONFORMS(task_priority, KERN_FAILURE, "as many threads as possible are changed") {
  const mach_port_t task = make_empty_task();
  mach_port_t threads[3];
  unsigned i;
  for (i = 0; i < 3; i++) REQUIRE_SUCCESS(thread_create(task, &threads[i]));
  REQUIRE_SUCCESS(thread_priority(threads[1], 20, TRUE));
  EXPECT_EQUAL(task_priority(task, 10, TRUE), KERN_FAILURE);
  EXPECT_EQUAL(sched_of(threads[0]).base_priority, 10);
  EXPECT_EQUAL(sched_of(threads[1]).base_priority, 20);
  EXPECT_EQUAL(sched_of(threads[2]).base_priority, 10);
  EXPECT_EQUAL(task_of(task).base_priority, 10);
}

CONFORMS(task_priority, KERN_INVALID_ARGUMENT, "no task, no priority") {
  EXPECT_EQUAL(task_priority(no_task(), 20, FALSE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_priority(mach_thread_self(), 20, FALSE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_priority(mach_task_self(), 32, FALSE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_priority(mach_task_self(), -1, FALSE), KERN_INVALID_ARGUMENT);
}
