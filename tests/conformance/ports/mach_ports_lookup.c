#include "tests/conformance/support/messages.h"

CONFORMS(mach_ports_lookup, KERN_SUCCESS, "the registered ports, as send rights in new memory") {
  mach_port_t set[2];
  mach_port_array_t ports = 0;
  mach_msg_type_number_t count = 0;
  set[0] = make_port();
  set[1] = make_port();
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), set, 2));
  REQUIRE_SUCCESS(mach_ports_lookup(mach_task_self(), &ports, &count));
  EXPECT(count >= 2);
  EXPECT_EQUAL(ports[0], set[0]);
  EXPECT_EQUAL(ports[1], set[1]);
  EXPECT_EQUAL(refs_of(set[0], MACH_PORT_RIGHT_SEND), 2);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), (vm_address_t)ports, count * sizeof(*ports)));
}

CONFORMS(mach_ports_lookup, "slots without a port are null, a dead one dead") {
  mach_port_t set[1];
  mach_port_array_t ports = 0;
  mach_msg_type_number_t count = 0;
  unsigned i;
  set[0] = make_port();
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), set, 1));
  kill_port(set[0]);
  REQUIRE_SUCCESS(mach_ports_lookup(mach_task_self(), &ports, &count));
  EXPECT_EQUAL(ports[0], MACH_PORT_DEAD);
  for (i = 1; i < count; i++) EXPECT_EQUAL(ports[i], MACH_PORT_NULL);
}

CONFORMS(mach_ports_lookup, "another task's ports") {
  mach_port_t set[1];
  mach_port_array_t ports = 0;
  mach_msg_type_number_t count = 0;
  const mach_port_t child = make_empty_task();
  set[0] = make_port();
  REQUIRE_SUCCESS(mach_ports_register(child, set, 1));
  REQUIRE_SUCCESS(mach_ports_lookup(child, &ports, &count));
  EXPECT_EQUAL(ports[0], set[0]);
  EXPECT(mach_ports_lookup(no_task(), &ports, &count) != KERN_SUCCESS);
}
