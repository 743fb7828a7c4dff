#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_object_data_error, "whoever waits gets a memory exception; trying again asks again") {
  const struct pager pager = plain_pager(1);
  struct client one, two;
  start_read(&one, pager.at);
  start_write(&two, pager.at, 5);
  (void)expect_call(pager.object, DATA_REQUEST);
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, PAGE, KERN_FAILURE));
  EXPECT_EQUAL(outcome(&one), KERN_MEMORY_ERROR);
  /* The second finds the error as well, or asks anew. */
  if (is_waiting(&two)) {
    expect_request(&pager, 0, FOR_WRITE);
    EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, PAGE, KERN_FAILURE));
  }
  EXPECT_EQUAL(outcome(&two), KERN_MEMORY_ERROR);
  start_read(&one, pager.at);
  expect_request(&pager, 0, FOR_READ);
  supply(&pager, 0, 1, 8);
  EXPECT_EQUAL(value_of(&one), 8);
}

CONFORMS(memory_object_data_error, "a thread that catches the exception goes on when it tries again") {
  const struct pager pager = plain_pager(1);
  struct client client;
  struct message exception, answer;
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, PAGE, 5));
  REQUIRE_EQUAL(receive_message(&exception, client.port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&exception, 3), KERN_MEMORY_ERROR);
  start_message(&answer, exception.head.msgh_remote_port, MACH_MSG_TYPE_MOVE_SEND_ONCE, 2500);
  add_integer(&answer, KERN_SUCCESS);
  REQUIRE_EQUAL(send_message(&answer), MACH_MSG_SUCCESS);
  expect_request(&pager, 0, FOR_READ);
  supply(&pager, 0, 1, 13);
  EXPECT_EQUAL(value_of(&client), 13);
}

CONFORMS(memory_object_data_error, "for a range: those asked for in it, no others, and no present page") {
  const struct pager pager = plain_pager(6);
  struct client clients[3];
  supply(&pager, 1, 1, 90);
  start_read(&clients[0], pager.at);
  expect_request(&pager, 0, FOR_READ);
  start_read(&clients[1], pager.at + 2 * PAGE);
  expect_request(&pager, 2, FOR_READ);
  start_read(&clients[2], pager.at + 5 * PAGE);
  expect_request(&pager, 5, FOR_READ);
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, 4 * PAGE, 0));
  EXPECT_EQUAL(outcome(&clients[0]), KERN_MEMORY_ERROR);
  EXPECT_EQUAL(outcome(&clients[1]), KERN_MEMORY_ERROR);
  EXPECT(is_waiting(&clients[2]));
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 90);
  /* Nothing is remembered for pages that nobody asked for. */
  start_read(&clients[0], pager.at + 3 * PAGE);
  expect_request(&pager, 3, FOR_READ);
  supply(&pager, 3, 3, 93);
  EXPECT_EQUAL(value_of(&clients[0]), 93);
  EXPECT_EQUAL(value_of(&clients[2]), 95);
}

CONFORMS(memory_object_data_error, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = plain_pager(1);
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, PAGE, -1));
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 1, PAGE, 0));
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0xFFFFF000u, 0xFFFFF000u, 0));
  supply(&pager, 0, 1, 4);
  EXPECT_EQUAL(WORD_AT(pager.at), 4);
  EXPECT_EQUAL(memory_object_data_error(MACH_PORT_NULL, 0, PAGE, 0), MACH_SEND_INVALID_DEST);
}
