#include <mach/host_info.h>

#include "tests/conformance/support/threads.h"

CONFORMS(host_info, KERN_SUCCESS, "all flavors; the count becomes the number of words") {
  integer_t words[HOST_INFO_MAX];
  static const struct {
    int flavor;
    unsigned count;
  } flavors[] = {{HOST_BASIC_INFO, HOST_BASIC_INFO_COUNT},
                 {HOST_SCHED_INFO, HOST_SCHED_INFO_COUNT},
                 {HOST_LOAD_INFO, HOST_LOAD_INFO_COUNT}};
  unsigned i;
  for (i = 0; i < 3; i++) {
    mach_msg_type_number_t count = HOST_INFO_MAX;
    EXPECT_SUCCESS(host_info(mach_host_self(), flavors[i].flavor, words, &count));
    EXPECT_EQUAL(count, flavors[i].count);
    count = flavors[i].count;
    EXPECT_SUCCESS(host_info(host_control, flavors[i].flavor, words, &count));
  }
}

CONFORMS(host_info, "HOST_PROCESSOR_SLOTS: the slots of the processors that HOST_BASIC_INFO counts") {
  struct host_basic_info basic;
  integer_t slots[16];
  mach_msg_type_number_t count = HOST_BASIC_INFO_COUNT;
  unsigned i;
  REQUIRE_SUCCESS(host_info(mach_host_self(), HOST_BASIC_INFO, (host_info_t)&basic, &count));
  count = (unsigned)basic.max_cpus;
  EXPECT_SUCCESS(host_info(mach_host_self(), HOST_PROCESSOR_SLOTS, slots, &count));
  EXPECT_EQUAL(count, basic.avail_cpus);
  for (i = 0; i < count; i++) EXPECT((unsigned)slots[i] < (unsigned)basic.max_cpus);
}

CONFORMS(host_info, MIG_ARRAY_TOO_LARGE, "what there is room for, and the number there would be") {
  integer_t whole[HOST_BASIC_INFO_COUNT];
  integer_t words[8];
  mach_msg_type_number_t count = HOST_BASIC_INFO_COUNT;
  unsigned i;
  REQUIRE_SUCCESS(host_info(mach_host_self(), HOST_BASIC_INFO, whole, &count));
  for (i = 0; i < 8; i++) words[i] = 12345;
  count = 3;
  EXPECT_EQUAL(host_info(mach_host_self(), HOST_BASIC_INFO, words, &count), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQUAL(count, HOST_BASIC_INFO_COUNT);
  for (i = 0; i < 3; i++) EXPECT_EQUAL(words[i], whole[i]);
  for (i = 3; i < 8; i++) EXPECT_EQUAL(words[i], 12345);
  count = 0;
  EXPECT_EQUAL(host_info(mach_host_self(), HOST_PROCESSOR_SLOTS, words, &count),
               MIG_ARRAY_TOO_LARGE);
  EXPECT_EQUAL(count, 1);
}

CONFORMS(host_info, KERN_INVALID_ARGUMENT, "no host port, no such flavor") {
  integer_t words[HOST_INFO_MAX];
  mach_msg_type_number_t count = HOST_INFO_MAX;
  EXPECT_EQUAL(host_info(mach_task_self(), HOST_BASIC_INFO, words, &count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(host_info(mach_host_self(), 0, words, &count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(host_info(mach_host_self(), 99, words, &count), KERN_INVALID_ARGUMENT);
}
