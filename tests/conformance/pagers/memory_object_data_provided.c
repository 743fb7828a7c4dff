#include "tests/conformance/pagers/pager.h"

static void provide(const struct pager *pager, unsigned page, unsigned count, unsigned first,
                    vm_prot_t lock) {
  EXPECT_SUCCESS(memory_object_data_provided(pager->control, page * PAGE,
                                             numbered_pages(count, first), count * PAGE, lock));
}

CONFORMS(memory_object_data_provided, "the old form: what was asked for and more, not precious") {
  const struct pager pager = plain_pager(4);
  struct client client;
  unsigned i;
  start_read(&client, pager.at + PAGE);
  expect_request(&pager, 1, FOR_READ);
  provide(&pager, 0, 4, 10, VM_PROT_NONE);
  EXPECT_EQUAL(value_of(&client), 11);
  for (i = 0; i < 4; i++) EXPECT_EQUAL(WORD_AT(pager.at + i * PAGE), 10 + i);
  unmap(&pager);
  expect_terminate(&pager);
}

CONFORMS(memory_object_data_provided, "whole pages only, and no live page is overwritten") {
  const struct pager pager = plain_pager(3);
  struct client client;
  provide(&pager, 0, 1, 20, VM_PROT_NONE);
  EXPECT_SUCCESS(try_write(pager.at, 21));
  EXPECT_SUCCESS(memory_object_data_provided(pager.control, 0, numbered_pages(1, 30), PAGE,
                                             VM_PROT_NONE));
  EXPECT_EQUAL(WORD_AT(pager.at), 21);
  EXPECT_SUCCESS(memory_object_data_provided(pager.control, PAGE, numbered_pages(2, 40),
                                             PAGE + PAGE / 2, VM_PROT_NONE));
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 40);
  start_read(&client, pager.at + 2 * PAGE);
  expect_request(&pager, 2, FOR_READ);
  provide(&pager, 2, 1, 50, VM_PROT_NONE);
  EXPECT_EQUAL(value_of(&client), 50);
}

CONFORMS(memory_object_data_provided, "lock_value: accesses that it prohibits ask first") {
  const struct pager pager = plain_pager(1);
  struct client client;
  provide(&pager, 0, 1, 60, VM_PROT_WRITE);
  EXPECT_SUCCESS(try_read(pager.at));
  start_write(&client, pager.at, 61);
  (void)expect_call(pager.object, DATA_UNLOCK);
  REQUIRE_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_NONE,
                                             FALSE, VM_PROT_NONE, MACH_PORT_NULL));
  EXPECT_SUCCESS(outcome(&client));
}

CONFORMS(memory_object_data_provided, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = plain_pager(1);
  EXPECT_SUCCESS(memory_object_data_provided(pager.control, 77, numbered_pages(1, 1), PAGE,
                                             VM_PROT_NONE));
  EXPECT_SUCCESS(memory_object_data_provided(pager.control, 0, numbered_pages(1, 1), PAGE, 0x40));
  EXPECT_EQUAL(memory_object_data_provided(pager.control, 0, PAGE, PAGE, VM_PROT_NONE),
               MACH_SEND_INVALID_MEMORY);
  provide(&pager, 0, 1, 3, VM_PROT_NONE);
  EXPECT_EQUAL(WORD_AT(pager.at), 3);
}
