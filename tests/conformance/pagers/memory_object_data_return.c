#include "tests/conformance/pagers/pager.h"

static void clean(const struct pager *pager, unsigned count, boolean_t flush) {
  EXPECT_SUCCESS(memory_object_lock_request(pager->control, 0, count * PAGE,
                                            MEMORY_OBJECT_RETURN_ALL, flush, VM_PROT_NO_CHANGE,
                                            MACH_PORT_NULL));
}

static void check_returns(void) {
  const struct pager pager = plain_pager(4);
  struct call back;
  supply(&pager, 0, 3, 10);
  supply_with(&pager, 3, 1, 13, VM_PROT_NONE, TRUE, MACH_PORT_NULL);
  EXPECT_SUCCESS(try_write(pager.at + PAGE, 41));
  clean(&pager, 4, FALSE);
  back = expect_call(pager.object, DATA_RETURN);
  EXPECT_EQUAL(back.object, pager.object);
  EXPECT_EQUAL(back.control, pager.control);
  EXPECT_EQUAL(back.offset, PAGE);
  EXPECT_EQUAL(back.length, PAGE);
  EXPECT_EQUAL(WORD_AT(back.data), 41);
  EXPECT_EQUAL(back.dirty, TRUE);
  EXPECT_EQUAL(back.kernel_copy, TRUE);
  expect_return(&pager, 3, 1, 13, FALSE, TRUE);
  EXPECT(is_quiet(pager.object));
  EXPECT_SUCCESS(try_write(pager.at, 40));
  unmap(&pager);
  expect_return(&pager, 0, 1, 40, TRUE, FALSE);
  expect_return(&pager, 3, 1, 13, FALSE, FALSE);
  expect_terminate(&pager);
}

CONFORMS(memory_object_data_return, "what was modified or is precious, and whether the kernel kept it") {
  check_returns();
}

CONFORMS(memory_object_data_return, seqnos_memory_object_data_return,
         "numbered as the object's messages are") {
  use_sequence_numbers();
  check_returns();
}

CONFORMS(memory_object_data_return, "neighbouring pages come together") {
  enum { PAGES = 12 };
  const struct pager pager = plain_pager(PAGES);
  unsigned i;
  supply(&pager, 0, PAGES, 0);
  for (i = 0; i < PAGES; i++)
    if (i != 7) WORD_AT(pager.at + i * PAGE) = 80 + i;
  clean(&pager, PAGES, TRUE);
  expect_return(&pager, 0, 7, 80, TRUE, FALSE);
  expect_return(&pager, 8, 4, 88, TRUE, FALSE);
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_data_return, "the data is the manager's own: nobody else sees what it writes") {
  const struct pager pager = plain_pager(1);
  struct call back;
  supply(&pager, 0, 1, 10);
  EXPECT_SUCCESS(try_write(pager.at, 11));
  clean(&pager, 1, FALSE);
  back = expect_call(pager.object, DATA_RETURN);
  WORD_AT(back.data) = 99;
  EXPECT_EQUAL(WORD_AT(pager.at), 11);
  EXPECT_SUCCESS(try_write(pager.at, 12));
  EXPECT_EQUAL(WORD_AT(back.data), 99);
  /* And it can be supplied again as it is. */
  clean(&pager, 1, TRUE);
  expect_return(&pager, 0, 1, 12, TRUE, FALSE);
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 0, back.data, PAGE, TRUE, VM_PROT_NONE,
                                           FALSE, MACH_PORT_NULL));
  EXPECT_EQUAL(WORD_AT(pager.at), 99);
}

CONFORMS(memory_object_data_return, "clean pages that are not precious go without a word") {
  const struct pager pager = plain_pager(2);
  supply(&pager, 0, 2, 10);
  EXPECT_SUCCESS(try_read(pager.at));
  clean(&pager, 2, TRUE);
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_data_return, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_NO_SPACE);
  check_returns();
}
