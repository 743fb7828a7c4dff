#include "tests/conformance/support/threads.h"

CONFORMS(task_info, KERN_SUCCESS, "all flavors; the count becomes the number of words") {
  integer_t words[TASK_INFO_MAX];
  mach_msg_type_number_t count = TASK_INFO_MAX;
  EXPECT_SUCCESS(task_info(mach_task_self(), TASK_BASIC_INFO, words, &count));
  EXPECT_EQUAL(count, TASK_BASIC_INFO_COUNT);
  count = TASK_THREAD_TIMES_INFO_COUNT;
  EXPECT_SUCCESS(task_info(mach_task_self(), TASK_THREAD_TIMES_INFO, words, &count));
  EXPECT_EQUAL(count, TASK_THREAD_TIMES_INFO_COUNT);
  count = TASK_INFO_MAX;
  EXPECT_SUCCESS(task_info(mach_task_self(), TASK_EVENTS_INFO, words, &count));
  EXPECT_EQUAL(count, TASK_EVENTS_INFO_COUNT);
}

CONFORMS(task_info, "TASK_EVENTS_INFO counts faults and messages") {
  struct task_events_info before;
  struct task_events_info after;
  mach_msg_type_number_t count = TASK_EVENTS_INFO_COUNT;
  vm_address_t address = 0;
  unsigned i;
  REQUIRE_SUCCESS(task_info(mach_task_self(), TASK_EVENTS_INFO, (task_info_t)&before, &count));
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &address, 20 * vm_page_size, TRUE));
  for (i = 0; i < 20; i++) *(volatile char *)(address + i * vm_page_size) = 1;
  for (i = 0; i < 10; i++) (void)task_of(mach_task_self());
  REQUIRE_SUCCESS(task_info(mach_task_self(), TASK_EVENTS_INFO, (task_info_t)&after, &count));
  EXPECT(after.faults - before.faults >= 20);
  EXPECT(after.zero_fills - before.zero_fills >= 20);
  EXPECT(after.messages_sent - before.messages_sent >= 10);
  EXPECT(after.messages_received - before.messages_received >= 10);
  EXPECT_EQUAL(after.pageins, before.pageins);
}

CONFORMS(task_info, MIG_ARRAY_TOO_LARGE, "what there is room for, and the number there would be") {
  const mach_port_t task = make_empty_task();
  const struct task_basic_info whole = task_of(task);
  integer_t words[12];
  mach_msg_type_number_t count = 2;
  unsigned i;
  for (i = 0; i < 12; i++) words[i] = 12345;
  EXPECT_EQUAL(task_info(task, TASK_BASIC_INFO, words, &count), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQUAL(count, TASK_BASIC_INFO_COUNT);
  for (i = 0; i < 2; i++) EXPECT_EQUAL(words[i], ((const integer_t *)&whole)[i]);
  for (i = 2; i < 12; i++) EXPECT_EQUAL(words[i], 12345);
}

CONFORMS(task_info, KERN_INVALID_ARGUMENT, "no task, no such flavor") {
  integer_t words[TASK_INFO_MAX];
  mach_msg_type_number_t count = TASK_INFO_MAX;
  EXPECT_EQUAL(task_info(no_task(), TASK_BASIC_INFO, words, &count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_info(mach_thread_self(), TASK_BASIC_INFO, words, &count),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_info(mach_task_self(), 0, words, &count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_info(mach_task_self(), 4, words, &count), KERN_INVALID_ARGUMENT);
}
