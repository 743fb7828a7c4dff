#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_object_destroy, "terminate comes with all rights, and no request any more") {
  const struct pager pager = plain_pager(3);
  supply(&pager, 0, 1, 10);
  EXPECT_SUCCESS(memory_object_destroy(pager.control, KERN_FAILURE));
  expect_terminate(&pager);
  EXPECT(type_of(pager.control) & MACH_PORT_TYPE_RECEIVE);
  EXPECT(type_of(pager.name) & MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(try_read(pager.at + PAGE), KERN_MEMORY_FAILURE);
  EXPECT_EQUAL(try_write(pager.at + 2 * PAGE, 1), KERN_MEMORY_FAILURE);
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_destroy, "calls for the object do nothing any more") {
  const struct pager pager = plain_pager(2);
  EXPECT_SUCCESS(memory_object_destroy(pager.control, 0));
  expect_terminate(&pager);
  /* The messages come to the manager itself, who has the receive right. */
  supply(&pager, 0, 1, 10);
  EXPECT_SUCCESS(memory_object_ready(pager.control, TRUE, MEMORY_OBJECT_COPY_CALL));
  EXPECT_EQUAL(status_of(pager.control).mps_msgcount, 2);
  EXPECT_EQUAL(try_read(pager.at), KERN_MEMORY_FAILURE);
}

CONFORMS(memory_object_destroy, "threads that wait for the object get a memory exception") {
  const struct pager pager = plain_pager(2);
  const struct pager silent = new_pager(1);
  struct client one, two, three;
  start_read(&one, pager.at);
  expect_request(&pager, 0, FOR_READ);
  supply_with(&pager, 1, 1, 11, VM_PROT_WRITE, FALSE, MACH_PORT_NULL);
  start_write(&two, pager.at + PAGE, 12);
  (void)expect_call(pager.object, DATA_UNLOCK);
  EXPECT_SUCCESS(memory_object_destroy(pager.control, 0));
  EXPECT_EQUAL(outcome(&one), KERN_MEMORY_FAILURE);
  /* What is resident stays usable, and no lock is left. */
  EXPECT_SUCCESS(outcome(&two));
  start_read(&three, silent.at);
  EXPECT(is_waiting(&three));
  EXPECT_SUCCESS(memory_object_destroy(silent.control, 0));
  EXPECT_EQUAL(outcome(&three), KERN_MEMORY_FAILURE);
}

CONFORMS(memory_object_destroy, "after a lock request that flushes: nothing modified is lost") {
  const struct pager pager = plain_pager(2);
  supply(&pager, 0, 2, 10);
  EXPECT_SUCCESS(try_write(pager.at + PAGE, 21));
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, 2 * PAGE,
                                            MEMORY_OBJECT_RETURN_ALL, TRUE, VM_PROT_WRITE,
                                            MACH_PORT_NULL));
  EXPECT_SUCCESS(memory_object_destroy(pager.control, 0));
  expect_return(&pager, 1, 1, 21, TRUE, FALSE);
  expect_terminate(&pager);
}

CONFORMS(memory_object_destroy, "of a cached object that nobody maps") {
  const struct pager pager = ready_pager(1, TRUE, MEMORY_OBJECT_COPY_DELAY);
  unmap(&pager);
  EXPECT(is_quiet(pager.object));
  EXPECT_SUCCESS(memory_object_destroy(pager.control, 0));
  expect_terminate(&pager);
}

CONFORMS(memory_object_destroy, "the object may be mapped anew: it is initialized again") {
  const struct pager pager = plain_pager(1);
  struct call init;
  struct client client;
  vm_address_t at;
  EXPECT_SUCCESS(memory_object_destroy(pager.control, 0));
  expect_terminate(&pager);
  at = map_object(pager.object, 1, 0, FALSE);
  init = expect_call(pager.object, INIT);
  EXPECT(init.control != pager.control);
  EXPECT_SUCCESS(memory_object_ready(init.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  start_read(&client, at);
  (void)expect_call(pager.object, DATA_REQUEST);
  EXPECT_SUCCESS(memory_object_data_provided(init.control, 0, numbered_pages(1, 3), PAGE, 0));
  EXPECT_EQUAL(value_of(&client), 3);
  EXPECT_EQUAL(try_read(pager.at), KERN_MEMORY_FAILURE);
}

CONFORMS(memory_object_destroy, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = plain_pager(1);
  EXPECT_SUCCESS(memory_object_destroy(pager.control, 12345));
  expect_terminate(&pager);
  EXPECT_EQUAL(memory_object_destroy(MACH_PORT_NULL, 0), MACH_SEND_INVALID_DEST);
}
