// TAP on the console.
#pragma once

#include <mach.h>
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

// Ends the test and the machine.
inline int end(mach_port_t host) {
  std::printf("1..%d\n", tests);
  std::fflush(stdout);
  return static_cast<int>(host_reboot(host, 0));
}

}  // namespace default_pager::test
