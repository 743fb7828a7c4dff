#include "tests/conformance/support/threads.h"

CONFORMS(thread_resume, KERN_SUCCESS, "the thread runs when the count reaches zero, not before") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  REQUIRE_SUCCESS(thread_suspend(thread));
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT_EQUAL(basic_of(thread).suspend_count, 1);
  pause_for(50);
  EXPECT_EQUAL(counter, 0);
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT_EQUAL(basic_of(thread).suspend_count, 0);
  EXPECT(is_counting(&counter));
}

CONFORMS(thread_resume, "a thread of a suspended task does not run") {
  static volatile unsigned *counter;
  const vm_address_t stack = conformance_stack();
  mach_port_t task;
  mach_port_t thread;
  counter = shared_memory(sizeof(*counter));
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  thread = conformance_thread(task, stack, count_for_ever, (void *)counter);
  REQUIRE_SUCCESS(task_suspend(task));
  EXPECT_SUCCESS(thread_resume(thread));
  pause_for(50);
  EXPECT_EQUAL(*counter, 0);
  EXPECT_SUCCESS(task_resume(task));
  EXPECT(is_counting(counter));
}

CONFORMS(thread_resume, KERN_FAILURE, "the count is zero already") {
  static volatile unsigned counter;
  const mach_port_t thread = start_counting(&counter);
  EXPECT_EQUAL(thread_resume(thread), KERN_FAILURE);
  EXPECT_EQUAL(thread_resume(mach_thread_self()), KERN_FAILURE);
  EXPECT_EQUAL(basic_of(thread).suspend_count, 0);
}

CONFORMS(thread_resume, KERN_INVALID_ARGUMENT, "no thread") {
  EXPECT_EQUAL(thread_resume(no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_resume(mach_task_self()), KERN_INVALID_ARGUMENT);
}
