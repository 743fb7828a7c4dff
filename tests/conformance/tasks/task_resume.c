#include "tests/conformance/support/threads.h"

CONFORMS(task_resume, KERN_SUCCESS, "the count goes down; threads with a count of their own stay stopped") {
  const vm_address_t stack = conformance_stack();
  volatile unsigned *counter = shared_memory(sizeof(*counter));
  mach_port_t task;
  mach_port_t thread;
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  thread = conformance_thread(task, stack, count_for_ever, (void *)counter);
  REQUIRE_SUCCESS(task_suspend(task));
  EXPECT_SUCCESS(task_resume(task));
  EXPECT_EQUAL(task_of(task).suspend_count, 0);
  pause_for(40);
  EXPECT_EQUAL(*counter, 0);
  EXPECT_EQUAL(basic_of(thread).suspend_count, 1);
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT(is_counting(counter));
}

CONFORMS(task_resume, KERN_FAILURE, "the count is zero already") {
  const mach_port_t task = make_empty_task();
  EXPECT_EQUAL(task_resume(task), KERN_FAILURE);
  EXPECT_EQUAL(task_of(task).suspend_count, 0);
}

CONFORMS(task_resume, KERN_INVALID_ARGUMENT, "no task") {
  EXPECT_EQUAL(task_resume(no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_resume(mach_thread_self()), KERN_INVALID_ARGUMENT);
}

CONFORMS(task_resume, "threads run when the count reaches zero, not before") {
  const vm_address_t stack = conformance_stack();
  volatile unsigned *counter = shared_memory(sizeof(*counter));
  mach_port_t task;
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  REQUIRE_SUCCESS(
      thread_resume(conformance_thread(task, stack, count_for_ever, (void *)counter)));
  REQUIRE_SUCCESS(task_suspend(task));
  REQUIRE_SUCCESS(task_suspend(task));
  EXPECT_SUCCESS(task_resume(task));
  EXPECT(!is_counting(counter));
  EXPECT_SUCCESS(task_resume(task));
  EXPECT(is_counting(counter));
}
