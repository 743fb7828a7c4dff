#include "tests/conformance/vm/memory.h"

CONFORMS(vm_statistics, "zero-fill faults count") {
  const vm_address_t at = new_pages(50);
  const vm_statistics_data_t before = statistics_now();
  vm_statistics_data_t after;
  number_pages(at, 50, 1);
  after = statistics_now();
  EXPECT_EQUAL(after.zero_fill_count - before.zero_fill_count, 50);
  EXPECT_EQUAL(after.faults - before.faults, 50);
  EXPECT_EQUAL(after.cow_faults, before.cow_faults);
  EXPECT_EQUAL(before.free_count - after.free_count, 50);
  EXPECT_EQUAL(after.active_count - before.active_count, 50);
}

CONFORMS(vm_statistics, "copy-on-write faults count") {
  const vm_address_t at = new_pages(50);
  vm_offset_t copy;
  mach_msg_type_number_t size;
  vm_statistics_data_t before, after;
  number_pages(at, 50, 1);
  REQUIRE_SUCCESS(vm_read(mach_task_self(), at, 50 * PAGE, &copy, &size));
  before = statistics_now();
  number_pages(copy, 30, 1);
  after = statistics_now();
  EXPECT_EQUAL(after.cow_faults - before.cow_faults, 30);
  EXPECT_EQUAL(after.zero_fill_count, before.zero_fill_count);
}

CONFORMS(vm_statistics, "page-ins, object cache lookups and hits count") {
  static struct manager manager = {.contents = 1, .cache = TRUE};
  vm_statistics_data_t before, after;
  vm_address_t at = 0;
  start_manager(&manager);
  before = statistics_now();
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, 20 * PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE));
  EXPECT_EQUAL(misnumbered_pages(at, 20, 1), 0);
  after = statistics_now();
  EXPECT_EQUAL(after.lookups - before.lookups, 1);
  EXPECT_EQUAL(after.hits, before.hits);
  EXPECT(after.pageins > before.pageins && after.pageins - before.pageins <= 20);
  /* The object is cached when nobody maps it: found again, pages and all. */
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 20 * PAGE));
  before = statistics_now();
  at = 0;
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, 20 * PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE));
  EXPECT_EQUAL(misnumbered_pages(at, 20, 1), 0);
  after = statistics_now();
  EXPECT_EQUAL(after.lookups - before.lookups, 1);
  EXPECT_EQUAL(after.hits - before.hits, 1);
  EXPECT_EQUAL(after.pageins, before.pageins);
  EXPECT_EQUAL(manager.inits, 1);
}

CONFORMS(vm_statistics, "page-outs and reactivations count when memory is short") {
  static struct manager manager = {.contents = 1};
  const vm_statistics_data_t before = statistics_now();
  const unsigned pages = (unsigned)before.free_count + 4000;
  vm_statistics_data_t after = before;
  vm_address_t at = 0;
  unsigned i;
  time_limit(120000);
  start_manager(&manager);
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, pages * PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_NONE));
  for (i = 0; i < pages; i++) {
    WORD_AT(at + i * PAGE + 4) = i;
    if (i % 64 == 0) (void)WORD_AT(at + 8); /* in use all the time */
  }
  after = statistics_now();
  EXPECT(after.pageouts - before.pageouts >= 1000);
  EXPECT(after.reactivations > before.reactivations);
  EXPECT(after.inactive_count > 0);
  EXPECT(manager.returns > 0);
}

CONFORMS(vm_statistics, "the same whichever task asks") {
  mach_port_t task;
  vm_statistics_data_t mine, its;
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  mine = statistics_now();
  REQUIRE_SUCCESS(vm_statistics(task, &its));
  EXPECT_EQUAL(its.pagesize, mine.pagesize);
  EXPECT_EQUAL(its.free_count, mine.free_count);
  EXPECT_EQUAL(its.zero_fill_count, mine.zero_fill_count);
}
