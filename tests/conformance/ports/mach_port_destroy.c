#include "tests/conformance/support/messages.h"

static kern_return_t destroy(mach_port_t name) { return mach_port_destroy(mach_task_self(), name); }

CONFORMS(mach_port_destroy, KERN_SUCCESS, "all rights of a name go, and the name is free at once") {
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 5));
  EXPECT_SUCCESS(destroy(port));
  EXPECT_EQUAL(type_of(port), 0);
  EXPECT_SUCCESS(mach_port_allocate_name(mach_task_self(), MACH_PORT_RIGHT_DEAD_NAME, port));
  EXPECT_SUCCESS(destroy(port));
  EXPECT_EQUAL(type_of(port), 0);
}

CONFORMS(mach_port_destroy, "members leave a destroyed port set and live on") {
  struct message m;
  const mach_port_t set = make_set();
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), port, set));
  make_simple(&m, port, 1);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_SUCCESS(destroy(set));
  EXPECT_EQUAL(type_of(set), 0);
  EXPECT_EQUAL(status_of(port).mps_pset, MACH_PORT_NULL);
  EXPECT_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
}

CONFORMS(mach_port_destroy, "a destroyed member leaves its set") {
  const mach_port_t set = make_set();
  const mach_port_t port = make_port();
  mach_port_array_t members = 0;
  mach_msg_type_number_t count = 9;
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), port, set));
  EXPECT_SUCCESS(destroy(port));
  EXPECT_SUCCESS(mach_port_get_set_status(mach_task_self(), set, &members, &count));
  EXPECT_EQUAL(count, 0);
}

CONFORMS(mach_port_destroy, "a port-destroyed request saves the receive right from a set, too") {
  struct message m;
  const mach_port_t set = make_set();
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  mach_port_t previous;
  mach_port_t back;
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port,
                                                 MACH_NOTIFY_PORT_DESTROYED, 0, notify,
                                                 MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), port, set));
  make_simple(&m, port, 12);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_SUCCESS(destroy(port));
  EXPECT_EQUAL(type_of(port), 0);
  back = expect_notification(notify, MACH_NOTIFY_PORT_DESTROYED);
  EXPECT_EQUAL(type_of(back), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(status_of(back).mps_pset, MACH_PORT_NULL);
  REQUIRE_EQUAL(receive_message(&m, back), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 12);
}

CONFORMS(mach_port_destroy, "a dead port turns rights elsewhere into dead names and notifies") {
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  const mach_port_t once = make_send_once(port);
  const mach_port_t child = make_empty_task();
  mach_port_type_t type = 0;
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_COPY_SEND));
  request_dead_name(once, notify);
  EXPECT_SUCCESS(destroy(port));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_DEAD_NAME), once);
  EXPECT_EQUAL(refs_of(once, MACH_PORT_RIGHT_DEAD_NAME), 2);
  EXPECT_SUCCESS(mach_port_type(child, 0x5000, &type));
  EXPECT_EQUAL(type, MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(mach_port_destroy, "messages queued at the port are destroyed") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t watched = make_receive();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, watched, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_SUCCESS(destroy(port));
  (void)expect_notification(watched, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_port_destroy, "a send-once right gives a send-once notification") {
  const mach_port_t port = make_receive();
  EXPECT_SUCCESS(destroy(make_send_once(port)));
  (void)expect_notification(port, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_port_destroy, "a name with a dead-name request gives a port-deleted notification") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  const mach_port_t once = make_send_once(port);
  request_dead_name(once, notify);
  EXPECT_SUCCESS(destroy(once));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_PORT_DELETED), once);
  request_dead_name(port, notify);
  EXPECT_SUCCESS(destroy(port));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_PORT_DELETED), port);
}

CONFORMS(mach_port_destroy, KERN_INVALID_NAME, "the name denotes nothing") {
  EXPECT_EQUAL(destroy(unused_name()), KERN_INVALID_NAME);
  EXPECT_EQUAL(destroy(MACH_PORT_NULL), KERN_INVALID_NAME);
  EXPECT_EQUAL(destroy(MACH_PORT_DEAD), KERN_INVALID_NAME);
}

CONFORMS(mach_port_destroy, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_destroy(no_task(), make_dead_name()), KERN_INVALID_TASK);
}
