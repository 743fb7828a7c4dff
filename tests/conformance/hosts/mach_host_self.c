#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

CONFORMS(mach_host_self, "a send right for the host's name port, one more with every call") {
  const mach_port_t host = mach_host_self();
  const unsigned before = refs_of(host, MACH_PORT_RIGHT_SEND);
  EXPECT(MACH_PORT_VALID(host));
  EXPECT_EQUAL(mach_host_self(), host);
  EXPECT_EQUAL(refs_of(host, MACH_PORT_RIGHT_SEND), before + 1);
  EXPECT(host != host_control);
}
