#include "tests/conformance/support/messages.h"

static mach_port_t extracted;
static mach_msg_type_name_t acquired;

static kern_return_t extract(mach_port_t task, mach_port_t name, mach_msg_type_name_t type) {
  extracted = MACH_PORT_NULL;
  acquired = 0;
  return mach_port_extract_right(task, name, type, &extracted, &acquired);
}

/* A child that holds the receive right of a port as 0x5000, and a send right besides. */
static mach_port_t make_holder(void) {
  const mach_port_t child = make_empty_task();
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_RECEIVE, 0x5000));
  return child;
}

static mach_port_type_t type_in(mach_port_t task, mach_port_t name) {
  mach_port_type_t type = 0;
  (void)mach_port_type(task, name, &type);
  return type;
}

CONFORMS(mach_port_extract_right, KERN_SUCCESS, "send rights: made, copied, moved") {
  const mach_port_t child = make_holder();
  mach_port_t made;
  REQUIRE_SUCCESS(extract(child, 0x5000, MACH_MSG_TYPE_MAKE_SEND));
  EXPECT_EQUAL(acquired, MACH_MSG_TYPE_PORT_SEND);
  EXPECT_EQUAL(type_of(extracted), MACH_PORT_TYPE_SEND);
  made = extracted;
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, made, MACH_MSG_TYPE_COPY_SEND));
  EXPECT_EQUAL(type_in(child, 0x5000), MACH_PORT_TYPE_SEND_RECEIVE);
  REQUIRE_SUCCESS(extract(child, 0x5000, MACH_MSG_TYPE_COPY_SEND));
  EXPECT_EQUAL(extracted, made);
  EXPECT_EQUAL(acquired, MACH_MSG_TYPE_PORT_SEND);
  EXPECT_EQUAL(refs_of(made, MACH_PORT_RIGHT_SEND), 2);
  REQUIRE_SUCCESS(extract(child, 0x5000, MACH_MSG_TYPE_MOVE_SEND));
  EXPECT_EQUAL(extracted, made);
  EXPECT_EQUAL(type_in(child, 0x5000), MACH_PORT_TYPE_RECEIVE);
}

CONFORMS(mach_port_extract_right, KERN_SUCCESS, "send-once rights: made, moved") {
  const mach_port_t child = make_holder();
  mach_port_t once;
  REQUIRE_SUCCESS(extract(child, 0x5000, MACH_MSG_TYPE_MAKE_SEND_ONCE));
  EXPECT_EQUAL(acquired, MACH_MSG_TYPE_PORT_SEND_ONCE);
  EXPECT_EQUAL(type_of(extracted), MACH_PORT_TYPE_SEND_ONCE);
  once = extracted;
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5100, once, MACH_MSG_TYPE_MOVE_SEND_ONCE));
  REQUIRE_SUCCESS(extract(child, 0x5100, MACH_MSG_TYPE_MOVE_SEND_ONCE));
  EXPECT_EQUAL(acquired, MACH_MSG_TYPE_PORT_SEND_ONCE);
  EXPECT_EQUAL(type_in(child, 0x5100), 0);
}

CONFORMS(mach_port_extract_right, KERN_SUCCESS,
         "a receive right, with its messages, to the name of its send right") {
  struct message m;
  const mach_port_t child = make_holder();
  mach_port_t send;
  REQUIRE_SUCCESS(extract(child, 0x5000, MACH_MSG_TYPE_MAKE_SEND));
  send = extracted;
  make_simple(&m, send, 4);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_SUCCESS(extract(child, 0x5000, MACH_MSG_TYPE_MOVE_RECEIVE));
  EXPECT_EQUAL(acquired, MACH_MSG_TYPE_PORT_RECEIVE);
  EXPECT_EQUAL(extracted, send);
  EXPECT_EQUAL(type_in(child, 0x5000), 0);
  REQUIRE_EQUAL(receive_message(&m, send), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 4);
}

CONFORMS(mach_port_extract_right, "a dead name extracted as a send right is dead") {
  const mach_port_t child = make_empty_task();
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_DEAD_NAME, 0x5000));
  EXPECT_SUCCESS(extract(child, 0x5000, MACH_MSG_TYPE_MOVE_SEND));
  EXPECT_EQUAL(extracted, MACH_PORT_DEAD);
  EXPECT_EQUAL(acquired, MACH_MSG_TYPE_PORT_SEND);
  EXPECT_EQUAL(type_in(child, 0x5000), 0);
}

CONFORMS(mach_port_extract_right, KERN_INVALID_NAME, "the name denotes nothing") {
  EXPECT_EQUAL(extract(make_empty_task(), 0x5000, MACH_MSG_TYPE_MOVE_SEND), KERN_INVALID_NAME);
  EXPECT_EQUAL(extract(mach_task_self(), MACH_PORT_NULL, MACH_MSG_TYPE_MOVE_SEND),
               KERN_INVALID_NAME);
}

CONFORMS(mach_port_extract_right, KERN_INVALID_RIGHT, "the name does not denote what is wanted") {
  const mach_port_t child = make_holder();
  EXPECT_EQUAL(extract(child, 0x5000, MACH_MSG_TYPE_MOVE_SEND), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(extract(child, 0x5000, MACH_MSG_TYPE_COPY_SEND), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(extract(child, 0x5000, MACH_MSG_TYPE_MOVE_SEND_ONCE), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(extract(mach_task_self(), make_set(), MACH_MSG_TYPE_MOVE_RECEIVE),
               KERN_INVALID_RIGHT);
  EXPECT_EQUAL(extract(mach_task_self(), make_dead_name(), MACH_MSG_TYPE_MAKE_SEND),
               KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_extract_right, KERN_INVALID_VALUE, "a type that is no right") {
  const mach_port_t child = make_holder();
  EXPECT_EQUAL(extract(child, 0x5000, MACH_MSG_TYPE_PORT_NAME), KERN_INVALID_VALUE);
  EXPECT_EQUAL(extract(child, 0x5000, 0), KERN_INVALID_VALUE);
  EXPECT_EQUAL(extract(child, 0x5000, MACH_MSG_TYPE_LAST + 1), KERN_INVALID_VALUE);
  EXPECT_EQUAL(extract(child, 0x5000, ~0u), KERN_INVALID_VALUE);
}

CONFORMS(mach_port_extract_right, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(extract(no_task(), 0x5000, MACH_MSG_TYPE_MOVE_SEND), KERN_INVALID_TASK);
}
