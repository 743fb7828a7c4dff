#include "tests/conformance/pagers/pager.h"

static void check_init(void) {
  const mach_port_t object = make_port();
  vm_address_t at = map_object(object, 3, 0, FALSE);
  const struct call init = expect_call(object, INIT);
  vm_size_t size;
  vm_prot_t protection, maximum;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t name;
  vm_offset_t offset;
  EXPECT_EQUAL(init.object, object);
  EXPECT_EQUAL(init.page_size, vm_page_size);
  EXPECT_EQUAL(type_of(init.control), MACH_PORT_TYPE_SEND);
  EXPECT_EQUAL(type_of(init.name), MACH_PORT_TYPE_SEND);
  EXPECT_EQUAL(refs_of(init.control, MACH_PORT_RIGHT_SEND), 1);
  REQUIRE_SUCCESS(vm_region(mach_task_self(), &at, &size, &protection, &maximum, &inheritance,
                            &shared, &name, &offset));
  EXPECT_EQUAL(name, init.name);
  /* Not again while it is mapped. */
  (void)map_object(object, 1, PAGE, FALSE);
  EXPECT(is_quiet(object));
}

CONFORMS(memory_object_init, "the first mapping, with a control port and the name vm_region shows") {
  check_init();
}

CONFORMS(memory_object_init, seqnos_memory_object_init, "numbered as the object's messages are") {
  mach_port_status_t status;
  struct pager pager;
  use_sequence_numbers();
  check_init();
  pager = new_pager(1);
  status = status_of(pager.object);
  EXPECT_EQUAL(status.mps_seqno, 1);
}

CONFORMS(memory_object_init, "the kernel has a send right for the object from then on") {
  struct pager pager = plain_pager(1);
  EXPECT(status_of(pager.object).mps_srights);
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), pager.object, MACH_PORT_RIGHT_SEND, -1));
  EXPECT(status_of(pager.object).mps_srights);
  unmap(&pager);
  (void)expect_call(pager.object, TERMINATE);
  EXPECT(!status_of(pager.object).mps_srights);
}

CONFORMS(memory_object_init, "no requests before the answer") {
  const struct pager pager = new_pager(2);
  struct client one, two;
  start_read(&one, pager.at);
  start_write(&two, pager.at + PAGE, 7);
  EXPECT(is_quiet(pager.object));
  EXPECT(is_waiting(&one) && is_waiting(&two));
  REQUIRE_SUCCESS(memory_object_ready(pager.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  (void)expect_call(pager.object, DATA_REQUEST);
  (void)expect_call(pager.object, DATA_REQUEST);
  supply(&pager, 0, 2, 50);
  EXPECT_EQUAL(value_of(&one), 50);
  EXPECT_SUCCESS(outcome(&two));
}

CONFORMS(memory_object_init, "two objects have ports of their own") {
  const struct pager one = plain_pager(1);
  const struct pager two = plain_pager(1);
  EXPECT(one.control != two.control && one.name != two.name && one.control != one.name);
}

CONFORMS(memory_object_init, KERN_SUCCESS, "ignored like any other value: the kernel waits for none") {
  struct pager pager;
  answer_with(KERN_FAILURE);
  pager = new_pager(1);
  answer_with(KERN_SUCCESS);
  REQUIRE_SUCCESS(memory_object_ready(pager.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  supply(&pager, 0, 1, 9);
  EXPECT_SUCCESS(try_read(pager.at));
}
