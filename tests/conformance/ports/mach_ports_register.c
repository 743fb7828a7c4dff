#include "tests/conformance/support/messages.h"

static mach_port_array_t ports;
static mach_msg_type_number_t count;

static void look_up(mach_port_t task) {
  ports = 0;
  count = 0;
  REQUIRE_SUCCESS(mach_ports_lookup(task, &ports, &count));
}

CONFORMS(mach_ports_register, KERN_SUCCESS, "the well-known slots of <mach.h>") {
  mach_port_t set[MACH_PORT_SLOTS_USED] = {MACH_PORT_NULL};
  set[NAME_SERVER_SLOT] = make_port();
  set[ENVIRONMENT_SLOT] = make_port();
  set[SERVICE_SLOT] = make_port();
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), set, MACH_PORT_SLOTS_USED));
  look_up(mach_task_self());
  EXPECT_EQUAL(ports[NAME_SERVER_SLOT], set[NAME_SERVER_SLOT]);
  EXPECT_EQUAL(ports[ENVIRONMENT_SLOT], set[ENVIRONMENT_SLOT]);
  EXPECT_EQUAL(ports[SERVICE_SLOT], set[SERVICE_SLOT]);
}

CONFORMS(mach_ports_register, "the task holds send rights only, besides the caller's") {
  mach_port_t set[1];
  const mach_port_t notify = make_receive();
  mach_port_t previous;
  set[0] = make_port();
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), set[0], MACH_NOTIFY_NO_SENDERS,
                                                 1, notify, MACH_MSG_TYPE_MAKE_SEND_ONCE,
                                                 &previous));
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), set, 1));
  EXPECT_EQUAL(refs_of(set[0], MACH_PORT_RIGHT_SEND), 1);
  REQUIRE_SUCCESS(mach_port_deallocate(mach_task_self(), set[0]));
  EXPECT(is_empty(notify));
  /* Registering others releases it. */
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), 0, 0));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_NO_SENDERS), 1);
}

CONFORMS(mach_ports_register, "a child inherits the ports; changing the one's leaves the other's") {
  mach_port_t mine[2];
  mach_port_t other[1];
  mach_port_t child;
  mine[0] = make_port();
  mine[1] = make_port();
  other[0] = make_port();
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), mine, 2));
  child = make_empty_task();
  look_up(child);
  EXPECT_EQUAL(ports[0], mine[0]);
  EXPECT_EQUAL(ports[1], mine[1]);
  REQUIRE_SUCCESS(mach_ports_register(child, other, 1));
  look_up(child);
  EXPECT_EQUAL(ports[0], other[0]);
  look_up(mach_task_self());
  EXPECT_EQUAL(ports[0], mine[0]);
}

CONFORMS(mach_ports_register, "a child has no names for inherited ports until it looks them up") {
  mach_port_t set[1];
  mach_port_array_t names;
  mach_port_type_array_t types;
  mach_msg_type_number_t name_count;
  mach_msg_type_number_t type_count;
  mach_port_t child;
  unsigned before;
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), 0, 0));
  child = make_empty_task();
  REQUIRE_SUCCESS(mach_port_names(child, &names, &before, &types, &type_count));
  set[0] = make_port();
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), set, 1));
  child = make_empty_task();
  REQUIRE_SUCCESS(mach_port_names(child, &names, &name_count, &types, &type_count));
  EXPECT_EQUAL(name_count, before);
}

CONFORMS(mach_ports_register, "null ports, and mach_init's variables") {
  mach_port_t set[2];
  set[0] = MACH_PORT_NULL;
  set[1] = make_port();
  REQUIRE_SUCCESS(mach_ports_register(mach_task_self(), set, 2));
  (void)mach_init();
  EXPECT_EQUAL(name_server_port, MACH_PORT_NULL);
  EXPECT_EQUAL(environment_port, set[1]);
}

CONFORMS(mach_ports_register, KERN_INVALID_ARGUMENT, "more ports than the maximum, and no task") {
  mach_port_t set[8];
  unsigned i;
  for (i = 0; i < 8; i++) set[i] = make_port();
  EXPECT_SUCCESS(mach_ports_register(mach_task_self(), set, MACH_PORT_SLOTS_USED));
  EXPECT_EQUAL(mach_ports_register(mach_task_self(), set, MACH_PORT_SLOTS_USED + 1),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_ports_register(no_task(), set, 1), KERN_INVALID_ARGUMENT);
  for (i = 0; i < 8; i++) EXPECT_EQUAL(refs_of(set[i], MACH_PORT_RIGHT_SEND), 1);
}
