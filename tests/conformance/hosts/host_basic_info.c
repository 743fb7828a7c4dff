#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

CONFORMS(host_basic_info, "processors, memory, type of the processor") {
  struct host_basic_info info;
  mach_msg_type_number_t count = HOST_BASIC_INFO_COUNT;
  vm_statistics_data_t pages;
  unsigned bytes;
  REQUIRE_SUCCESS(host_info(mach_host_self(), HOST_BASIC_INFO, (host_info_t)&info, &count));
  EXPECT(info.max_cpus >= 1);
  EXPECT(info.avail_cpus >= 1);
  EXPECT(info.avail_cpus <= info.max_cpus);
  EXPECT_EQUAL(info.cpu_type, CPU_TYPE_I386);
  EXPECT_EQUAL(info.cpu_subtype, CPU_SUBTYPE_AT386);
  /* The guest has 64 MiB; pages in use and free ones are less than all there is. */
  EXPECT(info.memory_size > 60u << 20);
  EXPECT(info.memory_size <= 64u << 20);
  REQUIRE_SUCCESS(vm_statistics(mach_task_self(), &pages));
  bytes = (unsigned)(pages.free_count + pages.active_count + pages.inactive_count) * vm_page_size;
  EXPECT(bytes <= info.memory_size);
}
