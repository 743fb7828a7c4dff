#include "tests/conformance/support/shortage.h"

static mach_port_array_t names;
static mach_port_type_array_t types;
static mach_msg_type_number_t name_count;
static mach_msg_type_number_t type_count;

static kern_return_t get(mach_port_t task) {
  return mach_port_names(task, &names, &name_count, &types, &type_count);
}

static mach_port_type_t listed_type(mach_port_t name) {
  unsigned i;
  for (i = 0; i < name_count; i++)
    if (names[i] == name) return types[i];
  return 0;
}

CONFORMS(mach_port_names, KERN_SUCCESS, "every name with the type mach_port_type tells") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  const mach_port_t dead = make_dead_name();
  const mach_port_t once = make_send_once(port);
  const mach_port_t chosen = unused_name();
  unsigned i;
  REQUIRE_SUCCESS(mach_port_allocate_name(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, chosen));
  request_dead_name(port, chosen);
  REQUIRE_SUCCESS(get(mach_task_self()));
  EXPECT_EQUAL(name_count, type_count);
  EXPECT_EQUAL(listed_type(port), MACH_PORT_TYPE_SEND_RECEIVE | MACH_PORT_TYPE_DNREQUEST);
  EXPECT_EQUAL(listed_type(set), MACH_PORT_TYPE_PORT_SET);
  EXPECT_EQUAL(listed_type(dead), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_EQUAL(listed_type(once), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_EQUAL(listed_type(chosen), MACH_PORT_TYPE_RECEIVE);
  for (i = 0; i < name_count; i++) EXPECT_EQUAL(type_of(names[i]), types[i]);
}

CONFORMS(mach_port_names, KERN_SUCCESS, "a right whose port has died is listed as a dead name") {
  const mach_port_t port = make_port();
  kill_port(port);
  REQUIRE_SUCCESS(get(mach_task_self()));
  EXPECT_EQUAL(listed_type(port), MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(mach_port_names, KERN_SUCCESS, "names come and go; a new task has next to none") {
  const mach_port_t child = make_empty_task();
  unsigned before;
  unsigned i;
  REQUIRE_SUCCESS(get(child));
  before = name_count;
  EXPECT(before < 4);
  for (i = 0; i < 3000; i++)
    REQUIRE_SUCCESS(
        mach_port_allocate_name(child, MACH_PORT_RIGHT_DEAD_NAME, 0x5000 + i * 0x333));
  REQUIRE_SUCCESS(get(child));
  EXPECT_EQUAL(name_count, before + 3000);
  EXPECT_EQUAL(listed_type(0x5000 + 2999 * 0x333), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), (vm_address_t)names, name_count * sizeof(*names)));
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), (vm_address_t)types, type_count * sizeof(*types)));
}

CONFORMS(mach_port_names, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(get(no_task()), KERN_INVALID_TASK);
}

CONFORMS(mach_port_names, "the names are words, no rights") {
  const mach_port_t child = make_empty_task();
  unsigned before;
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_RECEIVE, 0x5000));
  before = count_names();
  REQUIRE_SUCCESS(get(child));
  EXPECT_EQUAL(count_names(), before);
}

CONFORMS(mach_port_names, KERN_RESOURCE_SHORTAGE, "no kernel memory for the lists") {
  exhaust_kernel_memory();
  free_a_message();
  EXPECT_EQUAL(get(mach_task_self()), KERN_RESOURCE_SHORTAGE);
}
