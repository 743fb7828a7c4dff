/* What the default pager itself does is the business of //default_pager/test. */
#include <mach/default_pager_object.h>

#include "tests/conformance/pagers/asked_pager.h"

CONFORMS(default_pager_object_create, "asks the pager for an object of that size; the port comes back") {
  struct asked_pager pager = {.object = make_port()};
  memory_object_t object = MACH_PORT_NULL;
  start_asked_pager(&pager, 0);
  EXPECT_SUCCESS(default_pager_object_create(pager.port, &object, 0x7000));
  EXPECT_EQUAL(pager.id, 2275);
  EXPECT_EQUAL(pager.argument, 0x7000);
  EXPECT_EQUAL(object, pager.object);
}

CONFORMS(default_pager_object_create, KERN_SUCCESS, "the pager's code is the call's") {
  struct asked_pager pager = {.object = make_port()};
  struct asked_pager refusing = {.code = KERN_RESOURCE_SHORTAGE};
  memory_object_t object;
  start_asked_pager(&pager, 0);
  start_asked_pager(&refusing, 0);
  EXPECT_SUCCESS(default_pager_object_create(pager.port, &object, PAGE));
  EXPECT_EQUAL(default_pager_object_create(refusing.port, &object, PAGE), KERN_RESOURCE_SHORTAGE);
}
