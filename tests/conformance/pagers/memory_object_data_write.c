#include "tests/conformance/pagers/pager.h"

static struct pager old_pager(unsigned pages) {
  const struct pager pager = new_pager(pages);
  REQUIRE_SUCCESS(memory_object_set_attributes(pager.control, TRUE, FALSE,
                                               MEMORY_OBJECT_COPY_DELAY));
  return pager;
}

static void check_writes(void) {
  const struct pager pager = old_pager(4);
  struct call back;
  supply(&pager, 0, 4, 20);
  EXPECT_SUCCESS(try_write(pager.at + PAGE, 51));
  EXPECT_SUCCESS(try_write(pager.at + 2 * PAGE, 52));
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, 4 * PAGE,
                                            MEMORY_OBJECT_RETURN_DIRTY, FALSE, VM_PROT_NO_CHANGE,
                                            MACH_PORT_NULL));
  back = expect_call(pager.object, DATA_WRITE);
  EXPECT_EQUAL(back.object, pager.object);
  EXPECT_EQUAL(back.control, pager.control);
  EXPECT_EQUAL(back.offset, PAGE);
  EXPECT_EQUAL(back.length, 2 * PAGE);
  EXPECT_EQUAL(WORD_AT(back.data), 51);
  EXPECT_EQUAL(WORD_AT(back.data + PAGE), 52);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), back.data, back.length));
  EXPECT_SUCCESS(try_write(pager.at + 3 * PAGE, 53));
  unmap(&pager);
  back = expect_call(pager.object, DATA_WRITE);
  EXPECT_EQUAL(back.offset, 3 * PAGE);
  EXPECT_EQUAL(WORD_AT(back.data), 53);
  expect_terminate(&pager);
}

CONFORMS(memory_object_data_write, "modified pages of objects made ready the old way") {
  check_writes();
}

CONFORMS(memory_object_data_write, seqnos_memory_object_data_write,
         "numbered as the object's messages are") {
  use_sequence_numbers();
  check_writes();
}

CONFORMS(memory_object_data_write, "only what has been modified") {
  const struct pager pager = old_pager(2);
  supply(&pager, 0, 2, 20);
  EXPECT_SUCCESS(try_read(pager.at));
  unmap(&pager);
  expect_terminate(&pager);
}

CONFORMS(memory_object_data_write, "a manager that has become a new one gets data_return") {
  const struct pager pager = old_pager(1);
  supply(&pager, 0, 1, 20);
  EXPECT_SUCCESS(try_write(pager.at, 21));
  EXPECT_SUCCESS(memory_object_ready(pager.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  unmap(&pager);
  expect_return(&pager, 0, 1, 21, TRUE, FALSE);
  expect_terminate(&pager);
}

CONFORMS(memory_object_data_write, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_FAILURE);
  check_writes();
}
