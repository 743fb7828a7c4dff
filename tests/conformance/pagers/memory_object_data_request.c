#include "tests/conformance/pagers/pager.h"

static void check_requests(void) {
  const struct pager pager = plain_pager(8);
  struct client read, write;
  start_read(&read, pager.at + 5 * PAGE + 124);
  expect_request(&pager, 5, FOR_READ);
  start_write(&write, pager.at + 2 * PAGE, 1);
  expect_request(&pager, 2, FOR_WRITE);
  EXPECT(is_quiet(pager.object));
  supply(&pager, 2, 1, 9);
  EXPECT_SUCCESS(outcome(&write));
  EXPECT(is_waiting(&read));
  supply(&pager, 5, 1, 9);
  EXPECT_SUCCESS(outcome(&read));
  EXPECT_EQUAL(WORD_AT(pager.at + 2 * PAGE), 1);
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_data_request, "a cache miss: the page, and the access that is wanted") {
  check_requests();
}

CONFORMS(memory_object_data_request, seqnos_memory_object_data_request,
         "numbered as the object's messages are") {
  use_sequence_numbers();
  check_requests();
}

CONFORMS(memory_object_data_request, "once, however many threads wait, also of several tasks") {
  const struct pager pager = plain_pager(1);
  const vm_address_t again = map_object(pager.object, 1, 0, FALSE);
  struct client clients[4];
  unsigned i;
  for (i = 0; i < 3; i++) start_read(&clients[i], pager.at);
  start_write(&clients[3], again + 8, 4);
  (void)expect_call(pager.object, DATA_REQUEST);
  EXPECT(is_quiet(pager.object));
  supply(&pager, 0, 1, 66);
  for (i = 0; i < 3; i++) EXPECT_EQUAL(value_of(&clients[i]), 66);
  EXPECT_SUCCESS(outcome(&clients[3]));
  EXPECT_EQUAL(WORD_AT(pager.at + 8), 4);
}

CONFORMS(memory_object_data_request, "offsets are the object's, wherever it is mapped") {
  struct pager pager = plain_pager(1);
  const vm_address_t far = map_object(pager.object, 2, 0xFFFFC000u, FALSE);
  struct client client;
  start_read(&client, far + PAGE);
  expect_request(&pager, 0xFFFFD, FOR_READ);
  supply(&pager, 0xFFFFD, 1, 21);
  EXPECT_EQUAL(value_of(&client), 21);
}

CONFORMS(memory_object_data_request, "the kernel's own accesses ask as well") {
  const struct pager pager = plain_pager(2);
  struct client client;
  vm_offset_t data = 0;
  mach_msg_type_number_t size = 0;
  /* By vm_read of a region copied at once, and by a copy from user memory. */
  supply(&pager, 1, 1, 40);
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  supply(&pager, 0, 1, 39);
  EXPECT_EQUAL(value_of(&client), 39);
  REQUIRE_SUCCESS(vm_read(mach_task_self(), pager.at, 2 * PAGE, &data, &size));
  EXPECT_EQUAL(WORD_AT(data), 39);
  EXPECT_EQUAL(WORD_AT(data + PAGE), 40);
}

CONFORMS(memory_object_data_request, "again after the page has been flushed") {
  const struct pager pager = plain_pager(1);
  struct client client;
  supply(&pager, 0, 1, 1);
  EXPECT_SUCCESS(try_read(pager.at));
  REQUIRE_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_DIRTY,
                                             TRUE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  supply(&pager, 0, 1, 2);
  EXPECT_EQUAL(value_of(&client), 2);
}

CONFORMS(memory_object_data_request, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_RESOURCE_SHORTAGE);
  check_requests();
}
