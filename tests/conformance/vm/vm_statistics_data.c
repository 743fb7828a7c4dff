#include <stddef.h>

#include "tests/conformance/vm/memory.h"

CONFORMS(vm_statistics_data, "the fields, in the order of the book") {
  vm_statistics_data_t now;
  vm_statistics_t pointer = &now;
  EXPECT_EQUAL(sizeof(struct vm_statistics), 13 * sizeof(int));
  EXPECT_EQUAL(offsetof(struct vm_statistics, pagesize), 0);
  EXPECT_EQUAL(offsetof(struct vm_statistics, free_count), 4);
  EXPECT_EQUAL(offsetof(struct vm_statistics, active_count), 8);
  EXPECT_EQUAL(offsetof(struct vm_statistics, inactive_count), 12);
  EXPECT_EQUAL(offsetof(struct vm_statistics, wire_count), 16);
  EXPECT_EQUAL(offsetof(struct vm_statistics, zero_fill_count), 20);
  EXPECT_EQUAL(offsetof(struct vm_statistics, reactivations), 24);
  EXPECT_EQUAL(offsetof(struct vm_statistics, pageins), 28);
  EXPECT_EQUAL(offsetof(struct vm_statistics, pageouts), 32);
  EXPECT_EQUAL(offsetof(struct vm_statistics, faults), 36);
  EXPECT_EQUAL(offsetof(struct vm_statistics, cow_faults), 40);
  EXPECT_EQUAL(offsetof(struct vm_statistics, lookups), 44);
  EXPECT_EQUAL(offsetof(struct vm_statistics, hits), 48);
  EXPECT_SUCCESS(vm_statistics(mach_task_self(), pointer));
}

CONFORMS(vm_statistics_data, "pagesize is vm_page_size; the counts are those of the machine") {
  const vm_statistics_data_t now = statistics_now();
  struct host_basic_info host;
  mach_msg_type_number_t count = HOST_BASIC_INFO_COUNT;
  unsigned pages;
  EXPECT_EQUAL(now.pagesize, PAGE);
  EXPECT_EQUAL(vm_page_size, PAGE);
  REQUIRE_SUCCESS(host_info(mach_host_self(), HOST_BASIC_INFO, (host_info_t)&host, &count));
  pages = (unsigned)(now.free_count + now.active_count + now.inactive_count + now.wire_count);
  EXPECT(now.free_count > 0 && now.active_count > 0);
  EXPECT(pages <= host.memory_size / PAGE);
  EXPECT(pages >= host.memory_size / PAGE * 3 / 4); /* the kernel itself has the rest */
  EXPECT(now.faults >= now.zero_fill_count && now.lookups >= now.hits);
}
