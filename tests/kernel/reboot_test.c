/* host_reboot starts the machine again: the battery-backed clock tells the second boot from the first. */
#include <mach/mach_host.h>
#include <mach/mach_traps.h>

#include "tests/kernel/support/kernel_test.h"

#define YEAR_2037 2114380800

void test_main(void) {
  const time_value_t later = {YEAR_2037, 0};
  time_value_t now = {0, 0};
  (void)host_get_time(mach_host_self(), &now);
  if (now.seconds < YEAR_2037) {
    (void)host_set_time(host_control, later);
    print("# the first boot ends\n");
    (void)host_reboot(host_control, HOST_REBOOT_NORMAL);
    check(0, "host_reboot does not return");
    return;
  }
  check(now.seconds < YEAR_2037 + 600, "the machine starts again, with the time that was set");
  check_equal((unsigned)host_reboot(host_control, HOST_REBOOT_DEBUGGER), KERN_SUCCESS,
              "HOST_REBOOT_DEBUGGER shows tasks and memory and goes on");
}
