#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

CONFORMS(host_sched_info, "minimum time-out and quantum in milliseconds; a shorter wait takes no longer than two time-outs") {
  struct host_sched_info info;
  mach_msg_type_number_t count = HOST_SCHED_INFO_COUNT;
  const mach_port_t host = mach_host_self();
  time_value_t start;
  time_value_t end;
  unsigned i;
  REQUIRE_SUCCESS(host_info(host, HOST_SCHED_INFO, (host_info_t)&info, &count));
  EXPECT(info.min_timeout > 0);
  EXPECT(info.min_timeout <= 100);
  EXPECT(info.min_quantum > 0);
  EXPECT(info.min_quantum <= 100);
  REQUIRE_SUCCESS(host_get_time(host, &start));
  for (i = 0; i < 20; i++) pause_for(1);
  REQUIRE_SUCCESS(host_get_time(host, &end));
  EXPECT(microseconds_of(end) - microseconds_of(start) <=
         20 * 2 * 1000 * (unsigned)info.min_timeout + 200000);
}
