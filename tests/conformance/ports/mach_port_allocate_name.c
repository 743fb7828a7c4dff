#include "tests/conformance/support/shortage.h"

static kern_return_t allocate(mach_port_right_t right, mach_port_t name) {
  return mach_port_allocate_name(mach_task_self(), right, name);
}

CONFORMS(mach_port_allocate_name, KERN_SUCCESS, "every kind, under any name") {
  static const mach_port_t names[] = {1,          2,          255,        256,       0x100,
                                      0x12345678, 0x7fffffff, 0x80000000, 0xfffffffe};
  static const mach_port_right_t rights[] = {MACH_PORT_RIGHT_RECEIVE, MACH_PORT_RIGHT_PORT_SET,
                                             MACH_PORT_RIGHT_DEAD_NAME};
  unsigned i;
  for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    const mach_port_right_t right = rights[i % 3];
    if (type_of(names[i]) != 0) continue;
    EXPECT_SUCCESS(allocate(right, names[i]));
    EXPECT_EQUAL(type_of(names[i]), MACH_PORT_TYPE(right));
    EXPECT_EQUAL(refs_of(names[i], right), 1);
  }
}

CONFORMS(mach_port_allocate_name, "a receive right under a chosen name is like any other") {
  struct message m;
  const mach_port_t name = unused_name();
  mach_port_status_t status;
  REQUIRE_SUCCESS(allocate(MACH_PORT_RIGHT_RECEIVE, name));
  status = status_of(name);
  EXPECT_EQUAL(status.mps_qlimit, MACH_PORT_QLIMIT_DEFAULT);
  EXPECT_EQUAL(status.mps_mscount + status.mps_seqno + status.mps_msgcount, 0);
  EXPECT(!status.mps_srights);
  REQUIRE_SUCCESS(mach_port_insert_right(mach_task_self(), name, name, MACH_MSG_TYPE_MAKE_SEND));
  make_simple(&m, name, 5);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, name), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_local_port, name);
}

CONFORMS(mach_port_allocate_name, "names of the kernel's choice avoid the chosen ones") {
  mach_port_t name = make_receive();
  mach_port_t next = name;
  unsigned i;
  /* Whatever the kernel would choose next is taken beforehand. */
  for (i = 0; i < 300; i++) (void)allocate(MACH_PORT_RIGHT_DEAD_NAME, name + i * 256);
  for (i = 0; i < 300; i++) {
    next = make_receive();
    EXPECT_EQUAL(type_of(next), MACH_PORT_TYPE_RECEIVE);
  }
}

CONFORMS(mach_port_allocate_name, KERN_NAME_EXISTS, "the name denotes a right of any kind") {
  const mach_port_t name = make_receive();
  const mach_port_t dead = make_dead_name();
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_RECEIVE, name), KERN_NAME_EXISTS);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_DEAD_NAME, make_send_once(name)), KERN_NAME_EXISTS);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_PORT_SET, dead), KERN_NAME_EXISTS);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_DEAD_NAME, dead), KERN_NAME_EXISTS);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_DEAD_NAME, make_set()), KERN_NAME_EXISTS);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 1);
}

CONFORMS(mach_port_allocate_name, KERN_INVALID_VALUE,
         "the reserved names, and rights not to be made") {
  const mach_port_t name = unused_name();
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_RECEIVE, MACH_PORT_NULL), KERN_INVALID_VALUE);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_RECEIVE, MACH_PORT_DEAD), KERN_INVALID_VALUE);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_SEND, name), KERN_INVALID_VALUE);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_SEND_ONCE, name), KERN_INVALID_VALUE);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_NUMBER, name), KERN_INVALID_VALUE);
  EXPECT_EQUAL(type_of(name), 0);
}

CONFORMS(mach_port_allocate_name, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(mach_port_allocate_name(no_task(), MACH_PORT_RIGHT_RECEIVE, 0x5000),
               KERN_INVALID_TASK);
}

CONFORMS(mach_port_allocate_name, KERN_RESOURCE_SHORTAGE, "no kernel memory") {
  exhaust_kernel_memory();
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_DEAD_NAME, 0x70000001), KERN_RESOURCE_SHORTAGE);
  EXPECT_EQUAL(allocate(MACH_PORT_RIGHT_RECEIVE, 0x70000001), KERN_RESOURCE_SHORTAGE);
}
