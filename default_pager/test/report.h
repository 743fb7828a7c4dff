// TAP on the console.
#pragma once

#include <mach.h>
#include <mach/bootstrap.h>
#include <mach/mach_host.h>

#include <cstdio>

namespace default_pager::test {

inline int tests = 0;

inline void report(bool passed, const char* what, int code = 0) {
  ++tests;
  if (passed) {
    std::printf("ok %d - %s\n", tests, what);
  } else {
    std::printf("not ok %d - %s (code 0x%x)\n", tests, what, static_cast<unsigned>(code));
  }
}

// Runs a test with the privileged ports, then ends the machine.
template <typename Test>
int run(Test test) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  mach_port_t host = MACH_PORT_NULL;
  mach_port_t device_master = MACH_PORT_NULL;
  (void)bootstrap_privileged_ports(bootstrap_port, &host, &device_master);
  test(host, device_master);
  std::printf("1..%d\n", tests);
  std::fflush(stdout);
  return static_cast<int>(host_reboot(host, 0));
}

}  // namespace default_pager::test
