#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

static unsigned length(const char *s) {
  unsigned n = 0;
  while (n < KERNEL_VERSION_MAX && s[n] != 0) n++;
  return n;
}

CONFORMS(host_kernel_version, KERN_SUCCESS, "a string that ends, by either host port") {
  kernel_version_t a;
  kernel_version_t b;
  unsigned i;
  for (i = 0; i < KERNEL_VERSION_MAX; i++) a[i] = 'x';
  EXPECT_SUCCESS(host_kernel_version(mach_host_self(), a));
  EXPECT(length(a) > 5);
  EXPECT(length(a) < KERNEL_VERSION_MAX);
  EXPECT_SUCCESS(host_kernel_version(host_control, b));
  for (i = 0; i <= length(a); i++) EXPECT_EQUAL(a[i], b[i]);
}

CONFORMS(host_kernel_version, "describes the kernel in words") {
  kernel_version_t version;
  unsigned i;
  EXPECT_SUCCESS(host_kernel_version(mach_host_self(), version));
  for (i = 0; i < length(version); i++)
    EXPECT((version[i] >= ' ' && version[i] <= '~') || version[i] == '\n');
  for (i = length(version); i < KERNEL_VERSION_MAX; i++) REQUIRE_EQUAL(version[i], 0);
}

CONFORMS(host_kernel_version, KERN_INVALID_ARGUMENT, "no host port") {
  kernel_version_t version;
  EXPECT_EQUAL(host_kernel_version(mach_task_self(), version), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(host_kernel_version(mach_thread_self(), version), KERN_INVALID_ARGUMENT);
}
