#include "tests/conformance/support/shortage.h"

static mach_port_array_t members;
static mach_msg_type_number_t count;

static kern_return_t get(mach_port_t task, mach_port_t set) {
  members = 0;
  count = 0;
  return mach_port_get_set_status(task, set, &members, &count);
}

static int is_member(mach_port_t name) {
  unsigned i;
  for (i = 0; i < count; i++)
    if (members[i] == name) return 1;
  return 0;
}

CONFORMS(mach_port_get_set_status, KERN_SUCCESS, "the members' names in new memory") {
  const mach_port_t set = make_set();
  const mach_port_t first = make_port();
  const mach_port_t second = make_receive();
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), first, set));
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), second, set));
  REQUIRE_SUCCESS(get(mach_task_self(), set));
  EXPECT_EQUAL(count, 2);
  EXPECT(is_member(first) && is_member(second));
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), (vm_address_t)members, count * sizeof(*members)));
  kill_port(first);
  REQUIRE_SUCCESS(get(mach_task_self(), set));
  EXPECT_EQUAL(count, 1);
  EXPECT(is_member(second));
}

CONFORMS(mach_port_get_set_status, KERN_SUCCESS,
         "a thousand members, names only: no rights come with them") {
  const mach_port_t child = make_empty_task();
  unsigned names;
  unsigned i;
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_PORT_SET, 0x100));
  for (i = 0; i < 1100; i++) {
    const mach_port_t name = 0x10000 + i * 256;
    REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_RECEIVE, name));
    REQUIRE_SUCCESS(mach_port_move_member(child, name, 0x100));
  }
  names = count_names();
  REQUIRE_SUCCESS(get(child, 0x100));
  EXPECT_EQUAL(count, 1100);
  EXPECT(is_member(0x10000) && is_member(0x10000 + 1099 * 256));
  EXPECT_EQUAL(count_names(), names);
}

CONFORMS(mach_port_get_set_status, KERN_INVALID_NAME, "the name denotes nothing") {
  EXPECT_EQUAL(get(mach_task_self(), unused_name()), KERN_INVALID_NAME);
  EXPECT_EQUAL(get(mach_task_self(), MACH_PORT_NULL), KERN_INVALID_NAME);
}

CONFORMS(mach_port_get_set_status, KERN_INVALID_RIGHT, "the name denotes no port set") {
  EXPECT_EQUAL(get(mach_task_self(), make_port()), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(get(mach_task_self(), make_dead_name()), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(get(mach_task_self(), mach_task_self()), KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_get_set_status, KERN_INVALID_TASK, "a port that is no task") {
  EXPECT_EQUAL(get(no_task(), make_set()), KERN_INVALID_TASK);
}

CONFORMS(mach_port_get_set_status, "an empty set has no members") {
  REQUIRE_SUCCESS(get(mach_task_self(), make_set()));
  EXPECT_EQUAL(count, 0);
}

CONFORMS(mach_port_get_set_status, KERN_RESOURCE_SHORTAGE, "no kernel memory for the list") {
  const mach_port_t set = make_set();
  unsigned i;
  for (i = 0; i < 1500; i++)
    REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), make_receive(), set));
  exhaust_kernel_memory();
  free_a_message();
  EXPECT_EQUAL(get(mach_task_self(), set), KERN_RESOURCE_SHORTAGE);
}
