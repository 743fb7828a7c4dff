#include "tests/conformance/support/threads.h"

CONFORMS(task_basic_info, "suspend count and base priority") {
  const mach_port_t task = make_empty_task();
  EXPECT_EQUAL(task_of(task).suspend_count, 0);
  EXPECT_EQUAL(task_of(task).base_priority, 12);
  REQUIRE_SUCCESS(task_suspend(task));
  REQUIRE_SUCCESS(task_suspend(task));
  REQUIRE_SUCCESS(task_priority(task, 25, FALSE));
  EXPECT_EQUAL(task_of(task).suspend_count, 2);
  EXPECT_EQUAL(task_of(task).base_priority, 25);
}

CONFORMS(task_basic_info, "virtual and resident size, in bytes") {
  const mach_port_t task = make_empty_task();
  vm_address_t address = 0;
  struct task_basic_info before = task_of(mach_task_self());
  struct task_basic_info after;
  unsigned i;
  EXPECT_EQUAL(task_of(task).virtual_size, 0);
  EXPECT_EQUAL(task_of(task).resident_size, 0);
  REQUIRE_SUCCESS(vm_allocate(task, &address, 10 * vm_page_size, TRUE));
  EXPECT_EQUAL(task_of(task).virtual_size, 10 * vm_page_size);
  EXPECT_EQUAL(task_of(task).resident_size, 0);
  REQUIRE_SUCCESS(vm_deallocate(task, address, 3 * vm_page_size));
  EXPECT_EQUAL(task_of(task).virtual_size, 7 * vm_page_size);
  address = 0;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &address, 16 * vm_page_size, TRUE));
  for (i = 0; i < 16; i++) *(volatile char *)(address + i * vm_page_size) = 1;
  after = task_of(mach_task_self());
  EXPECT_EQUAL(after.virtual_size - before.virtual_size, 16 * vm_page_size);
  EXPECT(after.resident_size - before.resident_size >= 16 * vm_page_size);
  EXPECT(after.resident_size <= after.virtual_size);
}

CONFORMS(task_basic_info, "times are those of threads that have ended") {
  static volatile unsigned counter;
  const mach_port_t thread = start_counting(&counter);
  unsigned used;
  pause_for(600);
  REQUIRE_SUCCESS(thread_suspend(thread));
  used = microseconds_of(basic_of(thread).user_time);
  EXPECT(used > 50000);
  EXPECT_EQUAL(microseconds_of(task_of(mach_task_self()).user_time), 0);
  REQUIRE_SUCCESS(thread_terminate(thread));
  EXPECT_EQUAL(microseconds_of(task_of(mach_task_self()).user_time), used);
}
