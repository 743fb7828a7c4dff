#include "tests/conformance/support/threads.h"

CONFORMS(thread_info, KERN_SUCCESS, "both flavors; the count becomes the number of words") {
  integer_t words[THREAD_INFO_MAX];
  mach_msg_type_number_t count = THREAD_INFO_MAX;
  EXPECT_SUCCESS(thread_info(mach_thread_self(), THREAD_BASIC_INFO, words, &count));
  EXPECT_EQUAL(count, THREAD_BASIC_INFO_COUNT);
  count = THREAD_SCHED_INFO_COUNT;
  EXPECT_SUCCESS(thread_info(mach_thread_self(), THREAD_SCHED_INFO, words, &count));
  EXPECT_EQUAL(count, THREAD_SCHED_INFO_COUNT);
}

CONFORMS(thread_info, MIG_ARRAY_TOO_LARGE, "what there is room for, and the number there would be") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  const struct thread_sched_info whole = sched_of(thread);
  integer_t words[8];
  mach_msg_type_number_t count = 3;
  unsigned i;
  for (i = 0; i < 8; i++) words[i] = 12345;
  EXPECT_EQUAL(thread_info(thread, THREAD_SCHED_INFO, words, &count), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQUAL(count, THREAD_SCHED_INFO_COUNT);
  for (i = 0; i < 3; i++) EXPECT_EQUAL(words[i], ((const integer_t *)&whole)[i]);
  for (i = 3; i < 8; i++) EXPECT_EQUAL(words[i], 12345);
  count = 0;
  EXPECT_EQUAL(thread_info(thread, THREAD_BASIC_INFO, words, &count), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQUAL(count, THREAD_BASIC_INFO_COUNT);
}

CONFORMS(thread_info, KERN_INVALID_ARGUMENT, "no thread, no such flavor") {
  integer_t words[THREAD_INFO_MAX];
  mach_msg_type_number_t count = THREAD_INFO_MAX;
  EXPECT_EQUAL(thread_info(no_task(), THREAD_BASIC_INFO, words, &count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_info(mach_task_self(), THREAD_BASIC_INFO, words, &count),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_info(mach_thread_self(), 0, words, &count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_info(mach_thread_self(), 3, words, &count), KERN_INVALID_ARGUMENT);
}

CONFORMS(thread_info, "of any thread, running or not, in any task; the array is filled as the count says") {
  const mach_port_t task = make_empty_task();
  mach_port_t thread;
  REQUIRE_SUCCESS(thread_create(task, &thread));
  EXPECT_EQUAL(basic_of(thread).suspend_count, 1);
  EXPECT_EQUAL(sched_of(thread).policy, POLICY_TIMESHARE);
  EXPECT_EQUAL(basic_of(mach_thread_self()).suspend_count, 0);
}
