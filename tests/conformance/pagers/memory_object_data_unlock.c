#include "tests/conformance/pagers/pager.h"

static void unlock(const struct pager *pager, unsigned page, vm_prot_t lock) {
  EXPECT_SUCCESS(memory_object_lock_request(pager->control, page * PAGE, PAGE,
                                            MEMORY_OBJECT_RETURN_NONE, FALSE, lock,
                                            MACH_PORT_NULL));
}

static void check_unlock(void) {
  const struct pager pager = plain_pager(3);
  struct client read, write;
  struct call call;
  supply_with(&pager, 0, 3, 10, VM_PROT_ALL, FALSE, MACH_PORT_NULL);
  start_read(&read, pager.at + PAGE);
  call = expect_call(pager.object, DATA_UNLOCK);
  EXPECT_EQUAL(call.object, pager.object);
  EXPECT_EQUAL(call.control, pager.control);
  EXPECT_EQUAL(call.offset, PAGE);
  EXPECT_EQUAL(call.length, PAGE);
  EXPECT_EQUAL(call.access, FOR_READ);
  start_write(&write, pager.at + 2 * PAGE, 77);
  call = expect_call(pager.object, DATA_UNLOCK);
  EXPECT_EQUAL(call.offset, 2 * PAGE);
  EXPECT(call.access & VM_PROT_WRITE);
  EXPECT(is_waiting(&read) && is_waiting(&write));
  unlock(&pager, 1, VM_PROT_WRITE);
  EXPECT_EQUAL(value_of(&read), 11);
  unlock(&pager, 2, VM_PROT_NONE);
  EXPECT_SUCCESS(outcome(&write));
  EXPECT_EQUAL(WORD_AT(pager.at + 2 * PAGE), 77);
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_data_unlock, "an access that the lock prohibits: the page and the access") {
  check_unlock();
}

CONFORMS(memory_object_data_unlock, seqnos_memory_object_data_unlock,
         "numbered as the object's messages are") {
  use_sequence_numbers();
  check_unlock();
}

CONFORMS(memory_object_data_unlock, "an unlock that is not enough: the thread asks again") {
  const struct pager pager = plain_pager(1);
  struct client client;
  supply_with(&pager, 0, 1, 5, VM_PROT_ALL, FALSE, MACH_PORT_NULL);
  start_write(&client, pager.at, 6);
  (void)expect_call(pager.object, DATA_UNLOCK);
  unlock(&pager, 0, VM_PROT_WRITE);
  (void)expect_call(pager.object, DATA_UNLOCK);
  EXPECT(is_waiting(&client));
  unlock(&pager, 0, VM_PROT_NONE);
  EXPECT_SUCCESS(outcome(&client));
}

CONFORMS(memory_object_data_unlock, "locked after it was mapped: the mappings lose the access") {
  const struct pager pager = plain_pager(1);
  struct client client;
  supply(&pager, 0, 1, 5);
  EXPECT_SUCCESS(try_write(pager.at, 6));
  unlock(&pager, 0, VM_PROT_WRITE);
  EXPECT_EQUAL(WORD_AT(pager.at), 6);
  start_write(&client, pager.at, 7);
  (void)expect_call(pager.object, DATA_UNLOCK);
  unlock(&pager, 0, VM_PROT_NONE);
  EXPECT_SUCCESS(outcome(&client));
}

CONFORMS(memory_object_data_unlock, "a request that can never be granted: flush, then an error") {
  const struct pager pager = plain_pager(1);
  struct client client;
  supply_with(&pager, 0, 1, 5, VM_PROT_WRITE, FALSE, MACH_PORT_NULL);
  start_write(&client, pager.at, 6);
  (void)expect_call(pager.object, DATA_UNLOCK);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_NONE,
                                            TRUE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  expect_request(&pager, 0, FOR_WRITE);
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, PAGE, KERN_PROTECTION_FAILURE));
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_ERROR);
}

CONFORMS(memory_object_data_unlock, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_FAILURE);
  check_unlock();
}
