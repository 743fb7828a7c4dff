#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_object_data_unavailable, "of an ordinary object: zero-filled pages without locks") {
  const struct pager pager = plain_pager(4);
  struct client one, two;
  start_read(&one, pager.at);
  expect_request(&pager, 0, FOR_READ);
  start_write(&two, pager.at + PAGE, 6);
  expect_request(&pager, 1, FOR_WRITE);
  EXPECT_SUCCESS(memory_object_data_unavailable(pager.control, 0, 4 * PAGE));
  EXPECT_EQUAL(value_of(&one), 0);
  EXPECT_SUCCESS(outcome(&two));
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 6);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE + 4), 0);
  EXPECT_SUCCESS(try_write(pager.at, 3));
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_data_unavailable, "what was written there comes back as modified") {
  const struct pager pager = plain_pager(2);
  struct client client;
  start_write(&client, pager.at + PAGE, 61);
  expect_request(&pager, 1, FOR_WRITE);
  EXPECT_SUCCESS(memory_object_data_unavailable(pager.control, PAGE, PAGE));
  EXPECT_SUCCESS(outcome(&client));
  unmap(&pager);
  expect_return(&pager, 1, 1, 61, TRUE, FALSE);
  expect_terminate(&pager);
}

CONFORMS(memory_object_data_unavailable, "of a copy made with memory_object_copy: the original's data") {
  const struct pager pager = ready_pager(2, FALSE, MEMORY_OBJECT_COPY_CALL);
  struct pager copy;
  struct call call;
  struct client client;
  supply(&pager, 0, 2, 20);
  copy.at = map_object(pager.object, 2, 0, TRUE);
  call = expect_call(pager.object, COPY);
  copy.object = call.new_object;
  copy.control = expect_call(copy.object, INIT).control;
  REQUIRE_SUCCESS(memory_object_ready(copy.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  start_read(&client, copy.at + PAGE);
  expect_request(&copy, 1, FOR_READ);
  EXPECT_SUCCESS(memory_object_data_unavailable(copy.control, PAGE, PAGE));
  EXPECT_EQUAL(value_of(&client), 21);
  start_write(&client, copy.at, 99);
  (void)expect_call(copy.object, DATA_REQUEST);
  EXPECT_SUCCESS(memory_object_data_unavailable(copy.control, 0, PAGE));
  EXPECT_SUCCESS(outcome(&client));
  EXPECT_EQUAL(WORD_AT(copy.at), 99);
  EXPECT_EQUAL(WORD_AT(pager.at), 20);
}

CONFORMS(memory_object_data_unavailable, "pages behind what was asked for: zero-filled, once, unless supplied") {
  const struct pager pager = plain_pager(4);
  struct client client;
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  EXPECT_SUCCESS(memory_object_data_unavailable(pager.control, 0, 4 * PAGE));
  EXPECT_EQUAL(value_of(&client), 0);
  supply(&pager, 2, 1, 57);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 0);
  EXPECT_EQUAL(WORD_AT(pager.at + 2 * PAGE), 57);
  EXPECT(is_quiet(pager.object));
  /* Flushed, they are asked for again: what was zeros, what was supplied and what nobody used. */
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, 4 * PAGE, MEMORY_OBJECT_RETURN_NONE, TRUE,
                                            VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  start_read(&client, pager.at + PAGE);
  expect_request(&pager, 1, FOR_READ);
  supply(&pager, 1, 1, 61);
  EXPECT_EQUAL(value_of(&client), 61);
  start_read(&client, pager.at + 3 * PAGE);
  expect_request(&pager, 3, FOR_READ);
  supply(&pager, 3, 1, 63);
  EXPECT_EQUAL(value_of(&client), 63);
}

CONFORMS(memory_object_data_unavailable, "pages that are there stay, and nothing is remembered unasked") {
  const struct pager pager = plain_pager(3);
  struct client client;
  supply(&pager, 0, 1, 55);
  EXPECT_SUCCESS(memory_object_data_unavailable(pager.control, 0, 3 * PAGE));
  EXPECT_EQUAL(WORD_AT(pager.at), 55);
  start_read(&client, pager.at + 2 * PAGE);
  expect_request(&pager, 2, FOR_READ);
  supply(&pager, 2, 1, 57);
  EXPECT_EQUAL(value_of(&client), 57);
}

CONFORMS(memory_object_data_unavailable, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = plain_pager(1);
  EXPECT_SUCCESS(memory_object_data_unavailable(pager.control, 0, 0));
  EXPECT_SUCCESS(memory_object_data_unavailable(pager.control, 12, PAGE));
  EXPECT_SUCCESS(memory_object_data_unavailable(pager.control, 0xFFFFF000u, 0x10000000u));
  EXPECT_EQUAL(memory_object_data_unavailable(MACH_PORT_NULL, 0, PAGE), MACH_SEND_INVALID_DEST);
}
