#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_object_set_attributes, "the old form: ready, and modified pages come by data_write") {
  const struct pager pager = new_pager(2);
  struct client client;
  struct call back;
  REQUIRE_SUCCESS(memory_object_set_attributes(pager.control, TRUE, FALSE,
                                               MEMORY_OBJECT_COPY_DELAY));
  start_write(&client, pager.at + PAGE, 70);
  expect_request(&pager, 1, FOR_WRITE);
  REQUIRE_SUCCESS(memory_object_data_provided(pager.control, PAGE, numbered_pages(1, 5), PAGE,
                                              VM_PROT_NONE));
  EXPECT_SUCCESS(outcome(&client));
  unmap(&pager);
  back = expect_call(pager.object, DATA_WRITE);
  EXPECT_EQUAL(back.offset, PAGE);
  EXPECT_EQUAL(back.length, PAGE);
  EXPECT_EQUAL(WORD_AT(back.data), 70);
  expect_terminate(&pager);
}

CONFORMS(memory_object_set_attributes, "not ready any more: requests under way go on, others wait") {
  const struct pager pager = plain_pager(2);
  struct client one, two;
  start_read(&one, pager.at);
  expect_request(&pager, 0, FOR_READ);
  REQUIRE_SUCCESS(memory_object_set_attributes(pager.control, FALSE, FALSE,
                                               MEMORY_OBJECT_COPY_DELAY));
  start_read(&two, pager.at + PAGE);
  EXPECT(is_quiet(pager.object));
  supply(&pager, 0, 1, 11);
  EXPECT_EQUAL(value_of(&one), 11);
  EXPECT(is_waiting(&two));
  REQUIRE_SUCCESS(memory_object_set_attributes(pager.control, TRUE, FALSE,
                                               MEMORY_OBJECT_COPY_DELAY));
  expect_request(&pager, 1, FOR_READ);
  supply(&pager, 1, 1, 12);
  EXPECT_EQUAL(value_of(&two), 12);
}

CONFORMS(memory_object_set_attributes, "cached: outlives its mappings; not any more: ends") {
  const struct pager pager = new_pager(1);
  REQUIRE_SUCCESS(memory_object_set_attributes(pager.control, TRUE, TRUE,
                                               MEMORY_OBJECT_COPY_DELAY));
  unmap(&pager);
  EXPECT(is_quiet(pager.object));
  REQUIRE_SUCCESS(memory_object_set_attributes(pager.control, TRUE, FALSE,
                                               MEMORY_OBJECT_COPY_DELAY));
  expect_terminate(&pager);
}

CONFORMS(memory_object_set_attributes, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = new_pager(1);
  EXPECT_SUCCESS(memory_object_set_attributes(pager.control, TRUE, FALSE,
                                              MEMORY_OBJECT_COPY_NONE));
  EXPECT_SUCCESS(memory_object_set_attributes(pager.control, TRUE, FALSE, 17));
  unmap(&pager);
  expect_terminate(&pager);
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), pager.control));
  EXPECT_EQUAL(memory_object_set_attributes(pager.control, TRUE, FALSE, MEMORY_OBJECT_COPY_NONE),
               MACH_SEND_INVALID_DEST);
}
