#include "tests/conformance/ports/notified.h"

CONFORMS(do_mach_notify_dead_name, KERN_SUCCESS, do_seqnos_mach_notify_dead_name,
         "called with the name of a right whose port has died") {
  const mach_port_t notify = make_receive();
  const mach_port_t first = make_port();
  const mach_port_t second = make_port();
  request(first, MACH_NOTIFY_DEAD_NAME, 0, notify);
  request(second, MACH_NOTIFY_DEAD_NAME, 0, notify);
  kill_port(first);
  kill_port(second);
  PLAIN(notify, MACH_NOTIFY_DEAD_NAME);
  EXPECT_EQUAL(notified.value, first);
  NUMBERED(notify, MACH_NOTIFY_DEAD_NAME, 1);
  EXPECT_EQUAL(notified.value, second);
}

CONFORMS(do_mach_notify_dead_name,
         "the name has a reference more, so that it stays the dead one's") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  request(port, MACH_NOTIFY_DEAD_NAME, 0, notify);
  kill_port(port);
  EXPECT_SUCCESS(mach_port_deallocate(mach_task_self(), port));
  PLAIN(notify, MACH_NOTIFY_DEAD_NAME);
  EXPECT_EQUAL(type_of(notified.value), MACH_PORT_TYPE_DEAD_NAME);
}
