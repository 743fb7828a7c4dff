#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

static struct host_load_info load(void) {
  struct host_load_info info;
  mach_msg_type_number_t count = HOST_LOAD_INFO_COUNT;
  REQUIRE_SUCCESS(host_info(mach_host_self(), HOST_LOAD_INFO, (host_info_t)&info, &count));
  return info;
}

CONFORMS(host_load_info, "three computing threads raise the averages, the shorter ones sooner; the Mach factor falls") {
  static volatile unsigned counters[3];
  mach_port_t threads[3];
  struct host_load_info before;
  struct host_load_info busy;
  struct host_load_info after;
  unsigned i;
  time_limit(40000);
  before = load();
  for (i = 0; i < 3; i++) threads[i] = start_counting(&counters[i]);
  pause_for(8000);
  busy = load();
  for (i = 0; i < 3; i++) REQUIRE_SUCCESS(thread_suspend(threads[i]));
  EXPECT(busy.avenrun[0] > 3 * LOAD_SCALE / 2); /* of three, after 8 seconds of a 5 second average */
  EXPECT(busy.avenrun[0] < 4 * LOAD_SCALE);
  for (i = 0; i < 3; i++) {
    EXPECT(busy.avenrun[i] > before.avenrun[i]);
    EXPECT(busy.mach_factor[i] < LOAD_SCALE);
    EXPECT(busy.mach_factor[i] > 0);
  }
  EXPECT(busy.avenrun[0] > busy.avenrun[1]);
  EXPECT(busy.avenrun[1] > busy.avenrun[2]);
  EXPECT(busy.mach_factor[0] < busy.mach_factor[1]);
  pause_for(8000);
  after = load();
  EXPECT(after.avenrun[0] < busy.avenrun[0] / 2);
  EXPECT(after.mach_factor[0] > busy.mach_factor[0]);
  EXPECT(after.mach_factor[0] <= LOAD_SCALE);
}
