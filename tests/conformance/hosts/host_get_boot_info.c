#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

static int contains(const char *text, const char *word) {
  unsigned i;
  for (; *text != 0; text++) {
    for (i = 0; word[i] != 0 && text[i] == word[i]; i++) {
    }
    if (word[i] == 0) return 1;
  }
  return 0;
}

/* The runner of the tests starts every guest with this argument. */
CONFORMS(host_get_boot_info, KERN_SUCCESS, "the kernel arguments the operator gave") {
  static kernel_boot_info_t info;
  unsigned i;
  for (i = 0; i < KERNEL_BOOT_INFO_MAX; i++) info[i] = 'x';
  EXPECT_SUCCESS(host_get_boot_info(host_control, info));
  for (i = 0; i < KERNEL_BOOT_INFO_MAX && info[i] != 0; i++) {
  }
  REQUIRE(i < KERNEL_BOOT_INFO_MAX);
  EXPECT(contains(info, "panic=exit"));
}

CONFORMS(host_get_boot_info, "the string is the same each time, and the rest of the buffer is not the kernel's memory") {
  static kernel_boot_info_t a;
  static kernel_boot_info_t b;
  unsigned i;
  unsigned end = 0;
  EXPECT_SUCCESS(host_get_boot_info(host_control, a));
  EXPECT_SUCCESS(host_get_boot_info(host_control, b));
  while (a[end] != 0) end++;
  for (i = 0; i < end; i++) EXPECT_EQUAL(a[i], b[i]);
  for (i = end; i < KERNEL_BOOT_INFO_MAX; i++) REQUIRE_EQUAL(a[i], 0);
}

CONFORMS(host_get_boot_info, KERN_INVALID_ARGUMENT, "not the control port") {
  static kernel_boot_info_t info;
  EXPECT_EQUAL(host_get_boot_info(mach_host_self(), info), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(host_get_boot_info(mach_task_self(), info), KERN_INVALID_ARGUMENT);
}
