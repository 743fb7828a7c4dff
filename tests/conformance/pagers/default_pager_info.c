/* What the default pager itself answers is the business of //default_pager/test. */
#include <mach/default_pager_object.h>

#include "tests/conformance/pagers/asked_pager.h"

CONFORMS(default_pager_info, "asks the pager; its answer comes back") {
  struct asked_pager pager = {.words = {0x12345000, 0x2000}};
  vm_size_t total = 0;
  vm_size_t free = 0;
  start_asked_pager(&pager, 2);
  EXPECT_SUCCESS(default_pager_info(pager.port, &total, &free));
  EXPECT_EQUAL(pager.id, 2276);
  EXPECT_EQUAL(pager.request_size, sizeof(mach_msg_header_t));
  EXPECT_EQUAL(total, 0x12345000);
  EXPECT_EQUAL(free, 0x2000);
}

CONFORMS(default_pager_info, KERN_SUCCESS, "the pager's code is the call's") {
  struct asked_pager pager = {.code = KERN_SUCCESS};
  struct asked_pager refusing = {.code = KERN_FAILURE};
  vm_size_t total, free;
  start_asked_pager(&pager, 2);
  start_asked_pager(&refusing, 0);
  EXPECT_SUCCESS(default_pager_info(pager.port, &total, &free));
  EXPECT_EQUAL(default_pager_info(refusing.port, &total, &free), KERN_FAILURE);
}
