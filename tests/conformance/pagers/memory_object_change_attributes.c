#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_object_change_attributes, "cached: data outlives the mappings and serves the next") {
  const struct pager pager = plain_pager(2);
  vm_address_t at;
  supply(&pager, 0, 2, 30);
  EXPECT_SUCCESS(memory_object_change_attributes(pager.control, TRUE, MEMORY_OBJECT_COPY_DELAY,
                                                 MACH_PORT_NULL));
  EXPECT_SUCCESS(try_write(pager.at, 77));
  unmap(&pager);
  EXPECT(is_quiet(pager.object));
  at = map_object(pager.object, 2, 0, FALSE);
  EXPECT_EQUAL(WORD_AT(at), 77);
  EXPECT_EQUAL(WORD_AT(at + PAGE), 31);
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_change_attributes, "cached no more: an object without mappings ends") {
  const struct pager pager = ready_pager(2, TRUE, MEMORY_OBJECT_COPY_DELAY);
  supply(&pager, 0, 2, 30);
  EXPECT_SUCCESS(try_write(pager.at + PAGE, 88));
  unmap(&pager);
  EXPECT(is_quiet(pager.object));
  EXPECT_SUCCESS(memory_object_change_attributes(pager.control, FALSE, MEMORY_OBJECT_COPY_DELAY,
                                                 MACH_PORT_NULL));
  expect_return(&pager, 1, 1, 88, TRUE, FALSE);
  expect_terminate(&pager);
}

CONFORMS(memory_object_change_attributes, "temporary: ends without returning its pages") {
  const struct pager pager = plain_pager(2);
  supply_with(&pager, 0, 2, 30, VM_PROT_NONE, TRUE, MACH_PORT_NULL);
  EXPECT_SUCCESS(try_write(pager.at, 1));
  EXPECT_SUCCESS(memory_object_change_attributes(pager.control, TRUE,
                                                 MEMORY_OBJECT_COPY_TEMPORARY, MACH_PORT_NULL));
  unmap(&pager);
  expect_terminate(&pager);
}

CONFORMS(memory_object_change_attributes, "readiness stays as it is, both ways") {
  const struct pager waiting = new_pager(1);
  const struct pager ready = plain_pager(1);
  struct client one, two;
  EXPECT_SUCCESS(memory_object_change_attributes(waiting.control, TRUE, MEMORY_OBJECT_COPY_DELAY,
                                                 MACH_PORT_NULL));
  EXPECT_SUCCESS(memory_object_change_attributes(ready.control, TRUE, MEMORY_OBJECT_COPY_NONE,
                                                 MACH_PORT_NULL));
  start_read(&one, waiting.at);
  start_read(&two, ready.at);
  EXPECT(is_quiet(waiting.object));
  expect_request(&ready, 0, FOR_READ);
  supply(&ready, 0, 1, 1);
  EXPECT_EQUAL(value_of(&two), 1);
  EXPECT_SUCCESS(memory_object_ready(waiting.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  expect_request(&waiting, 0, FOR_READ);
  supply(&waiting, 0, 1, 2);
  EXPECT_EQUAL(value_of(&one), 2);
}

CONFORMS(memory_object_change_attributes, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = plain_pager(1);
  const mach_port_t reply = make_receive();
  EXPECT_SUCCESS(memory_object_change_attributes(pager.control, FALSE, MEMORY_OBJECT_COPY_CALL,
                                                 reply));
  (void)expect_call(reply, CHANGE_COMPLETED);
  /* A strategy that is none: nothing happens, and the reply right reports that. */
  EXPECT_SUCCESS(memory_object_change_attributes(pager.control, TRUE, 55, reply));
  EXPECT_EQUAL(expect_notification(reply, MACH_NOTIFY_SEND_ONCE), 0);
  EXPECT_EQUAL(memory_object_change_attributes(pager.control, FALSE, MEMORY_OBJECT_COPY_DELAY,
                                               pager.name),
               MACH_SEND_INVALID_RIGHT);
}
