#include "tests/conformance/hosts/time.h"

/* What succeeds ends the machine: reboot_test and, with HOST_REBOOT_HALT, the end of every test. */
CONFORMS(host_reboot, KERN_NO_ACCESS, "the name port is not the privileged one; the machine goes on") {
  EXPECT_EQUAL(host_reboot(mach_host_self(), 0), KERN_NO_ACCESS);
  EXPECT_EQUAL(host_reboot(mach_host_self(), HOST_REBOOT_HALT), KERN_NO_ACCESS);
  EXPECT_EQUAL(host_reboot(mach_task_self(), HOST_REBOOT_DEBUGGER), KERN_NO_ACCESS);
}
