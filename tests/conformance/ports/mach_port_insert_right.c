#include "tests/conformance/support/shortage.h"

static mach_port_type_t type_in(mach_port_t task, mach_port_t name) {
  mach_port_type_t type = 0;
  (void)mach_port_type(task, name, &type);
  return type;
}

static unsigned send_refs_in(mach_port_t task, mach_port_t name) {
  mach_port_urefs_t refs = 0;
  (void)mach_port_get_refs(task, name, MACH_PORT_RIGHT_SEND, &refs);
  return refs;
}

CONFORMS(mach_port_insert_right, KERN_SUCCESS,
         "send rights: made, copied and moved into another task") {
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  EXPECT_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MAKE_SEND));
  EXPECT_EQUAL(type_in(child, 0x5000), MACH_PORT_TYPE_SEND);
  EXPECT_EQUAL(send_refs_in(child, 0x5000), 1);
  EXPECT_EQUAL(status_of(port).mps_mscount, 2);
  EXPECT_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_COPY_SEND));
  EXPECT_EQUAL(send_refs_in(child, 0x5000), 2);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
  EXPECT_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_SEND));
  EXPECT_EQUAL(send_refs_in(child, 0x5000), 3);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_RECEIVE);
}

CONFORMS(mach_port_insert_right, KERN_SUCCESS, "send-once rights always want an unused name") {
  struct message m;
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_receive();
  const mach_port_t once = make_send_once(port);
  EXPECT_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MAKE_SEND_ONCE));
  EXPECT_SUCCESS(mach_port_insert_right(child, 0x5100, once, MACH_MSG_TYPE_MOVE_SEND_ONCE));
  EXPECT_EQUAL(type_in(child, 0x5000), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_EQUAL(type_in(child, 0x5100), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_EQUAL(type_of(once), 0);
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MAKE_SEND_ONCE),
               KERN_NAME_EXISTS);
  /* The right that could not be inserted is gone. */
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_port_insert_right, KERN_SUCCESS,
         "a receive right moves, to the name of a send right if there is one") {
  struct message m;
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  make_simple(&m, port, 1);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_COPY_SEND));
  EXPECT_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  EXPECT_EQUAL(type_in(child, 0x5000), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND);
  {
    mach_port_status_t status;
    REQUIRE_SUCCESS(mach_port_get_receive_status(child, 0x5000, &status));
    EXPECT_EQUAL(status.mps_msgcount, 1);
  }
}

CONFORMS(mach_port_insert_right, KERN_SUCCESS,
         "a send right for an own receive right joins its name") {
  const mach_port_t port = make_receive();
  EXPECT_SUCCESS(mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND));
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
}

CONFORMS(mach_port_insert_right, KERN_INVALID_VALUE, "the reserved names") {
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  const mach_port_t self = mach_task_self();
  EXPECT_EQUAL(mach_port_insert_right(child, MACH_PORT_NULL, port, MACH_MSG_TYPE_COPY_SEND),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_insert_right(child, MACH_PORT_DEAD, port, MACH_MSG_TYPE_COPY_SEND),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_insert_right(self, MACH_PORT_NULL, port, MACH_MSG_TYPE_MAKE_SEND_ONCE),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_insert_right(self, MACH_PORT_DEAD, port, MACH_MSG_TYPE_MAKE_SEND_ONCE),
               KERN_INVALID_VALUE);
}

CONFORMS(mach_port_insert_right, KERN_INVALID_VALUE, "a type that is no port right") {
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_PORT_NAME),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_INTEGER_32),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_LAST + 1),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, port, ~0u), KERN_INVALID_VALUE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQUAL(type_in(child, 0x5000), 0);
}

CONFORMS(mach_port_insert_right, KERN_NAME_EXISTS, "the name denotes something else") {
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_DEAD_NAME, 0x5000));
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_RECEIVE, 0x5100));
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_COPY_SEND),
               KERN_NAME_EXISTS);
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5100, port, MACH_MSG_TYPE_MAKE_SEND),
               KERN_NAME_EXISTS);
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5100, port, MACH_MSG_TYPE_MAKE_SEND_ONCE),
               KERN_NAME_EXISTS);
}

CONFORMS(mach_port_insert_right, KERN_INVALID_CAPABILITY, "null, dead, and a dead name") {
  const mach_port_t child = make_empty_task();
  unsigned type;
  for (type = MACH_MSG_TYPE_MOVE_RECEIVE; type <= MACH_MSG_TYPE_LAST; type++) {
    EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, MACH_PORT_NULL, type),
                 KERN_INVALID_CAPABILITY);
    EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, MACH_PORT_DEAD, type),
                 KERN_INVALID_CAPABILITY);
  }
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, make_dead_name(), MACH_MSG_TYPE_COPY_SEND),
               KERN_INVALID_CAPABILITY);
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5000, make_dead_name(),
                                      MACH_MSG_TYPE_MOVE_SEND_ONCE),
               KERN_INVALID_CAPABILITY);
}

CONFORMS(mach_port_insert_right, KERN_UREFS_OVERFLOW, "a reference more than there can be") {
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND,
                                     (mach_port_delta_t)MACH_PORT_UREFS_MAX - 1));
  EXPECT_EQUAL(mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_COPY_SEND),
               KERN_UREFS_OVERFLOW);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), MACH_PORT_UREFS_MAX);
}

CONFORMS(mach_port_insert_right, KERN_RIGHT_EXISTS, "the task has the right under another name") {
  const mach_port_t child = make_empty_task();
  const mach_port_t port = make_port();
  EXPECT_EQUAL(mach_port_insert_right(mach_task_self(), unused_name(), port,
                                      MACH_MSG_TYPE_COPY_SEND),
               KERN_RIGHT_EXISTS);
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_COPY_SEND));
  EXPECT_EQUAL(mach_port_insert_right(child, 0x5100, port, MACH_MSG_TYPE_COPY_SEND),
               KERN_RIGHT_EXISTS);
  EXPECT_EQUAL(send_refs_in(child, 0x5000), 1);
}

CONFORMS(mach_port_insert_right, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_insert_right(no_task(), 0x5000, make_port(), MACH_MSG_TYPE_COPY_SEND),
               KERN_INVALID_TASK);
}

CONFORMS(mach_port_insert_right, "a right the caller does not have is refused") {
  const mach_port_t child = make_empty_task();
  EXPECT(mach_port_insert_right(child, 0x5000, unused_name(), MACH_MSG_TYPE_COPY_SEND) !=
         KERN_SUCCESS);
  EXPECT(mach_port_insert_right(child, 0x5000, make_receive(), MACH_MSG_TYPE_MOVE_SEND) !=
         KERN_SUCCESS);
  EXPECT_EQUAL(type_in(child, 0x5000), 0);
}

CONFORMS(mach_port_insert_right, KERN_RESOURCE_SHORTAGE, "no kernel memory for the name") {
  const mach_port_t port = make_receive();
  exhaust_kernel_memory();
  EXPECT_EQUAL(mach_port_insert_right(mach_task_self(), 0x70000001, port,
                                      MACH_MSG_TYPE_MAKE_SEND_ONCE),
               KERN_RESOURCE_SHORTAGE);
}
