#include "tests/conformance/support/shortage.h"

CONFORMS(mach_port_allocate, KERN_SUCCESS,
         "a receive right: new, in no set, no senders, empty queue") {
  mach_port_t name = MACH_PORT_NULL;
  mach_port_status_t status;
  REQUIRE_SUCCESS(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &name));
  EXPECT(MACH_PORT_VALID(name));
  EXPECT_EQUAL(type_of(name), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(refs_of(name, MACH_PORT_RIGHT_RECEIVE), 1);
  status = status_of(name);
  EXPECT_EQUAL(status.mps_pset, MACH_PORT_NULL);
  EXPECT_EQUAL(status.mps_seqno, 0);
  EXPECT_EQUAL(status.mps_mscount, 0);
  EXPECT_EQUAL(status.mps_qlimit, MACH_PORT_QLIMIT_DEFAULT);
  EXPECT_EQUAL(status.mps_msgcount, 0);
  EXPECT_EQUAL(status.mps_sorights, 0);
  EXPECT(!status.mps_srights && !status.mps_pdrequest && !status.mps_nsrequest);
}

CONFORMS(mach_port_allocate, KERN_SUCCESS, "a port set has no members") {
  mach_port_t name = MACH_PORT_NULL;
  mach_port_array_t members = 0;
  mach_msg_type_number_t count = 99;
  REQUIRE_SUCCESS(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &name));
  EXPECT_EQUAL(type_of(name), MACH_PORT_TYPE_PORT_SET);
  EXPECT_SUCCESS(mach_port_get_set_status(mach_task_self(), name, &members, &count));
  EXPECT_EQUAL(count, 0);
}

CONFORMS(mach_port_allocate, KERN_SUCCESS, "a dead name has one user reference") {
  mach_port_t name = MACH_PORT_NULL;
  REQUIRE_SUCCESS(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_DEAD_NAME, &name));
  EXPECT_EQUAL(type_of(name), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_EQUAL(refs_of(name, MACH_PORT_RIGHT_DEAD_NAME), 1);
}

CONFORMS(mach_port_allocate, "a name is in use once; in another task it is that task's name") {
  const mach_port_t child = make_empty_task();
  mach_port_t names[64];
  mach_port_type_t type = 0;
  unsigned i;
  unsigned k;
  for (i = 0; i < 64; i++) {
    names[i] = make_receive();
    for (k = 0; k < i; k++) EXPECT(names[k] != names[i]);
  }
  REQUIRE_SUCCESS(mach_port_allocate(child, MACH_PORT_RIGHT_RECEIVE, &names[0]));
  EXPECT_SUCCESS(mach_port_type(child, names[0], &type));
  EXPECT_EQUAL(type, MACH_PORT_TYPE_RECEIVE);
}

CONFORMS(mach_port_allocate, KERN_INVALID_VALUE, "other kinds of right cannot be created") {
  mach_port_t name = 1;
  EXPECT_EQUAL(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_SEND, &name),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_SEND_ONCE, &name),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_NUMBER, &name),
               KERN_INVALID_VALUE);
  EXPECT_EQUAL(mach_port_allocate(mach_task_self(), ~0u, &name), KERN_INVALID_VALUE);
}

CONFORMS(mach_port_allocate, KERN_INVALID_TASK, "a port that is no task") {
  mach_port_t name;
  EXPECT_EQUAL(mach_port_allocate(no_task(), MACH_PORT_RIGHT_RECEIVE, &name), KERN_INVALID_TASK);
}

CONFORMS(mach_port_allocate, KERN_NO_SPACE, "every name of the kernel's choice is taken") {
  mach_port_t name;
  fill_name_space();
  EXPECT_EQUAL(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &name),
               KERN_NO_SPACE);
  free_a_name();
  EXPECT_SUCCESS(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &name));
}

CONFORMS(mach_port_allocate, KERN_RESOURCE_SHORTAGE, "no kernel memory") {
  mach_port_t name;
  exhaust_kernel_memory();
  EXPECT_EQUAL(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &name),
               KERN_RESOURCE_SHORTAGE);
  EXPECT_EQUAL(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &name),
               KERN_RESOURCE_SHORTAGE);
  EXPECT_EQUAL(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_DEAD_NAME, &name),
               KERN_RESOURCE_SHORTAGE);
}
