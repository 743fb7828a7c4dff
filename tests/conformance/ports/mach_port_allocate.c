#include "tests/conformance/support/conformance.h"

CONFORMS(mach_port_allocate, KERN_SUCCESS, "a receive right has one reference and no messages") {
  mach_port_t name = MACH_PORT_NULL;
  mach_port_urefs_t refs = 0;
  REQUIRE_SUCCESS(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &name));
  REQUIRE_SUCCESS(mach_port_get_refs(mach_task_self(), name, MACH_PORT_RIGHT_RECEIVE, &refs));
  EXPECT_EQUAL(refs, 1);
}
