#include "tests/conformance/pagers/pager.h"

static void check_completion(void) {
  const struct pager pager = plain_pager(8);
  const mach_port_t reply = make_receive();
  struct call done;
  supply_with(&pager, 2, 3, 1, VM_PROT_NONE, FALSE, reply);
  done = expect_call(reply, SUPPLY_COMPLETED);
  EXPECT_EQUAL(done.object, reply);
  EXPECT_EQUAL(done.control, pager.control);
  EXPECT_EQUAL(done.offset, 2 * PAGE);
  EXPECT_EQUAL(done.length, 3 * PAGE);
  EXPECT_EQUAL(done.result, KERN_SUCCESS);
  /* Two pages fit before one that is there. */
  supply_with(&pager, 0, 6, 50, VM_PROT_NONE, FALSE, reply);
  done = expect_call(reply, SUPPLY_COMPLETED);
  EXPECT_EQUAL(done.offset, 0);
  EXPECT_EQUAL(done.length, 2 * PAGE);
  EXPECT_EQUAL(done.result, KERN_MEMORY_PRESENT);
  EXPECT_EQUAL(done.error_offset, 2 * PAGE);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 51);
  EXPECT_EQUAL(WORD_AT(pager.at + 2 * PAGE), 1);
  EXPECT(is_quiet(pager.object) && is_quiet(reply));
}

CONFORMS(memory_object_supply_completed, "what was accepted, and where the first error was") {
  check_completion();
}

CONFORMS(memory_object_supply_completed, seqnos_memory_object_supply_completed,
         "numbered as the messages to that port are") {
  use_sequence_numbers();
  check_completion();
}

CONFORMS(memory_object_supply_completed, "precious pages not accepted are returned before it") {
  const struct pager pager = plain_pager(6);
  struct call done;
  supply(&pager, 1, 1, 90);
  supply_with(&pager, 0, 4, 10, VM_PROT_NONE, TRUE, pager.object);
  expect_return(&pager, 1, 1, 11, FALSE, FALSE);
  expect_return(&pager, 2, 1, 12, FALSE, FALSE);
  expect_return(&pager, 3, 1, 13, FALSE, FALSE);
  done = expect_call(pager.object, SUPPLY_COMPLETED);
  EXPECT_EQUAL(done.length, PAGE);
  EXPECT_EQUAL(done.result, KERN_MEMORY_PRESENT);
  EXPECT_EQUAL(done.error_offset, PAGE);
  EXPECT_EQUAL(WORD_AT(pager.at), 10);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 90);
}

CONFORMS(memory_object_supply_completed, "offset and length tell one supply from another") {
  const struct pager pager = plain_pager(6);
  const mach_port_t reply = make_receive();
  unsigned i;
  for (i = 0; i < 6; i += 2) supply_with(&pager, i, 2, 20 + i, VM_PROT_NONE, FALSE, reply);
  for (i = 0; i < 6; i += 2) {
    const struct call done = expect_call(reply, SUPPLY_COMPLETED);
    EXPECT_EQUAL(done.offset, i * PAGE);
    EXPECT_EQUAL(done.length, 2 * PAGE);
    EXPECT_EQUAL(done.result, KERN_SUCCESS);
  }
}

CONFORMS(memory_object_supply_completed, "invalid arguments abort the supply: there is none") {
  const struct pager pager = plain_pager(1);
  const mach_port_t reply = make_receive();
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 9, numbered_pages(1, 1), PAGE, FALSE,
                                           VM_PROT_NONE, FALSE, reply));
  EXPECT_EQUAL(expect_notification(reply, MACH_NOTIFY_SEND_ONCE), 0);
}

CONFORMS(memory_object_supply_completed, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_FAILURE);
  check_completion();
}
