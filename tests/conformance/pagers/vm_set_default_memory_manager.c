#include "tests/conformance/pagers/pager.h"

CONFORMS(vm_set_default_memory_manager, "establishes a manager and returns the one before") {
  const mach_port_t one = make_port();
  const mach_port_t two = make_port();
  mach_port_t manager = one;
  EXPECT_SUCCESS(vm_set_default_memory_manager(host_control, &manager));
  manager = two;
  EXPECT_SUCCESS(vm_set_default_memory_manager(host_control, &manager));
  EXPECT_EQUAL(manager, one);
  /* The null port only asks. */
  manager = MACH_PORT_NULL;
  EXPECT_SUCCESS(vm_set_default_memory_manager(host_control, &manager));
  EXPECT_EQUAL(manager, two);
  EXPECT_SUCCESS(vm_set_default_memory_manager(host_control, &manager));
  EXPECT_EQUAL(manager, two);
}

CONFORMS(vm_set_default_memory_manager, KERN_SUCCESS, "also when the old manager is no more") {
  const mach_port_t gone = make_port();
  mach_port_t manager = gone;
  REQUIRE_SUCCESS(vm_set_default_memory_manager(host_control, &manager));
  kill_port(gone);
  manager = make_port();
  EXPECT_SUCCESS(vm_set_default_memory_manager(host_control, &manager));
  EXPECT(manager == MACH_PORT_DEAD || manager == gone);
}

CONFORMS(vm_set_default_memory_manager, KERN_INVALID_ARGUMENT, "not the host's control port") {
  mach_port_t manager = make_port();
  EXPECT_EQUAL(vm_set_default_memory_manager(mach_host_self(), &manager), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_set_default_memory_manager(mach_task_self(), &manager), KERN_INVALID_ARGUMENT);
}
