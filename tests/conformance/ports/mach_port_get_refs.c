#include "tests/conformance/support/messages.h"

CONFORMS(mach_port_get_refs, KERN_SUCCESS,
         "references by kind; zero for kinds the name does not denote") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  const mach_port_t dead = make_dead_name();
  const mach_port_t once = make_send_once(port);
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 6));
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 7);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_RECEIVE), 1);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND_ONCE), 0);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_PORT_SET), 0);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_DEAD_NAME), 0);
  EXPECT_EQUAL(refs_of(set, MACH_PORT_RIGHT_PORT_SET), 1);
  EXPECT_EQUAL(refs_of(set, MACH_PORT_RIGHT_RECEIVE), 0);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 1);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_SEND), 0);
  EXPECT_EQUAL(refs_of(once, MACH_PORT_RIGHT_SEND_ONCE), 1);
  EXPECT_EQUAL(refs_of(once, MACH_PORT_RIGHT_SEND), 0);
}

CONFORMS(mach_port_get_refs, "a dead send right keeps its references as a dead name") {
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 2));
  kill_port(port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_DEAD_NAME), 3);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 0);
}

CONFORMS(mach_port_get_refs, KERN_INVALID_VALUE, "no such kind of right") {
  mach_port_urefs_t refs;
  const mach_port_t port = make_port();
  EXPECT_EQUAL(mach_port_get_refs(mach_task_self(), port, MACH_PORT_RIGHT_NUMBER, &refs),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_get_refs(mach_task_self(), port, ~0u, &refs), KERN_INVALID_VALUE);
}

CONFORMS(mach_port_get_refs, KERN_INVALID_NAME, "the name denotes nothing") {
  mach_port_urefs_t refs;
  EXPECT_EQUAL(mach_port_get_refs(mach_task_self(), unused_name(), MACH_PORT_RIGHT_SEND, &refs),
               KERN_INVALID_NAME);
  EXPECT_EQUAL(mach_port_get_refs(mach_task_self(), MACH_PORT_NULL, MACH_PORT_RIGHT_SEND, &refs),
               KERN_INVALID_NAME);
  EXPECT_EQUAL(mach_port_get_refs(mach_task_self(), MACH_PORT_DEAD, MACH_PORT_RIGHT_DEAD_NAME,
                                  &refs),
               KERN_INVALID_NAME);
}

CONFORMS(mach_port_get_refs, KERN_INVALID_TASK, "a port that is no task") {
  mach_port_urefs_t refs;
  EXPECT_EQUAL(mach_port_get_refs(no_task(), make_port(), MACH_PORT_RIGHT_SEND, &refs),
               KERN_INVALID_TASK);
}
