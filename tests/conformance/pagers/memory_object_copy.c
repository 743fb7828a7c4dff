#include "tests/conformance/pagers/pager.h"

/* Copies part of the pager's object by mapping it so; the copy, whose init has been answered. */
static struct pager copy_of(const struct pager *pager, unsigned page, unsigned pages) {
  struct pager copy = {.pages = pages};
  struct call call;
  copy.at = map_object(pager->object, pages, page * PAGE, TRUE);
  call = expect_call(pager->object, COPY);
  EXPECT_EQUAL(call.object, pager->object);
  EXPECT_EQUAL(call.control, pager->control);
  EXPECT_EQUAL(call.offset, page * PAGE);
  EXPECT_EQUAL(call.length, pages * PAGE);
  copy.object = call.new_object;
  EXPECT(type_of(copy.object) & MACH_PORT_TYPE_RECEIVE);
  call = expect_call(copy.object, INIT);
  EXPECT_EQUAL(call.object, copy.object);
  EXPECT(call.control != pager->control && call.name != pager->name);
  copy.control = call.control;
  copy.name = call.name;
  REQUIRE_SUCCESS(memory_object_ready(copy.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  return copy;
}

static void check_copy(void) {
  const struct pager pager = ready_pager(4, FALSE, MEMORY_OBJECT_COPY_CALL);
  struct pager copy;
  struct client client;
  supply(&pager, 0, 4, 10);
  EXPECT_SUCCESS(try_write(pager.at + 2 * PAGE, 42));
  copy = copy_of(&pager, 1, 3);
  start_read(&client, copy.at);
  expect_request(&copy, 0, FOR_READ);
  supply(&copy, 0, 1, 11);
  EXPECT_EQUAL(value_of(&client), 11);
  start_read(&client, copy.at + PAGE);
  expect_request(&copy, 1, FOR_READ);
  EXPECT_SUCCESS(memory_object_data_unavailable(copy.control, PAGE, PAGE));
  EXPECT_EQUAL(value_of(&client), 42);
  EXPECT_SUCCESS(try_write(copy.at, 500));
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 11);
  EXPECT(is_quiet(pager.object));
  unmap(&copy);
  /* What was written there belongs to the new object. */
  expect_return(&copy, 0, 1, 500, TRUE, FALSE);
  expect_terminate(&copy);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 11);
}

CONFORMS(memory_object_copy, "the copied range and a new object, which is initialized like any other") {
  check_copy();
}

CONFORMS(memory_object_copy, seqnos_memory_object_copy, "numbered as the old object's messages are") {
  use_sequence_numbers();
  check_copy();
}

CONFORMS(memory_object_copy, "pages of the old object are locked against writing") {
  const struct pager pager = ready_pager(2, FALSE, MEMORY_OBJECT_COPY_CALL);
  struct pager copy;
  struct client client;
  supply(&pager, 0, 2, 10);
  EXPECT_SUCCESS(try_write(pager.at, 20));
  copy = copy_of(&pager, 0, 2);
  EXPECT_EQUAL(WORD_AT(pager.at), 20);
  start_write(&client, pager.at, 30);
  EXPECT_EQUAL(expect_call(pager.object, DATA_UNLOCK).offset, 0);
  /* The manager saves the page for the copy, then lets it change. */
  supply(&copy, 0, 1, 20);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_NONE,
                                            FALSE, VM_PROT_NONE, MACH_PORT_NULL));
  EXPECT_SUCCESS(outcome(&client));
  EXPECT_EQUAL(WORD_AT(pager.at), 30);
  EXPECT_EQUAL(WORD_AT(copy.at), 20);
}

static void read_memory(void *argument) {
  vm_address_t *at = argument;
  vm_offset_t data = 0;
  mach_msg_type_number_t size = 0;
  if (vm_read(mach_task_self(), at[0], 2 * PAGE, &data, &size) == KERN_SUCCESS) at[1] = data;
  end_thread();
}

CONFORMS(memory_object_copy, "vm_read copies too") {
  const struct pager pager = ready_pager(2, FALSE, MEMORY_OBJECT_COPY_CALL);
  static vm_address_t at[2];
  struct pager copy;
  struct client client;
  struct call call;
  at[0] = pager.at;
  REQUIRE(start_thread(read_memory, at) != MACH_PORT_NULL);
  call = expect_call(pager.object, COPY);
  copy.object = call.new_object;
  EXPECT_EQUAL(call.length, 2 * PAGE);
  copy.control = expect_call(copy.object, INIT).control;
  REQUIRE_SUCCESS(memory_object_ready(copy.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  pause_for(50);
  REQUIRE(at[1] != 0);
  start_read(&client, at[1] + PAGE);
  expect_request(&copy, 1, FOR_READ);
  supply(&copy, 1, 1, 77);
  EXPECT_EQUAL(value_of(&client), 77);
}

CONFORMS(memory_object_copy, "other strategies do not ask") {
  static const memory_object_copy_strategy_t strategies[] = {
      MEMORY_OBJECT_COPY_NONE, MEMORY_OBJECT_COPY_DELAY, MEMORY_OBJECT_COPY_TEMPORARY};
  unsigned i;
  for (i = 0; i < 3; i++) {
    const struct pager pager = ready_pager(2, FALSE, strategies[i]);
    vm_address_t copy;
    supply(&pager, 0, 2, 10);
    EXPECT_SUCCESS(try_write(pager.at, 11));
    copy = map_object(pager.object, 2, 0, TRUE);
    EXPECT_SUCCESS(try_write(pager.at, 12));
    EXPECT_EQUAL(WORD_AT(copy), 11);
    WORD_AT(copy + PAGE) = 13;
    EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 11);
    EXPECT(is_quiet(pager.object));
  }
}

CONFORMS(memory_object_copy, "a copy of the copy") {
  const struct pager pager = ready_pager(1, FALSE, MEMORY_OBJECT_COPY_CALL);
  struct pager copy;
  vm_address_t again;
  struct client client;
  supply(&pager, 0, 1, 10);
  copy = copy_of(&pager, 0, 1);
  start_write(&client, copy.at, 70);
  (void)expect_call(copy.object, DATA_REQUEST);
  EXPECT_SUCCESS(memory_object_data_unavailable(copy.control, 0, PAGE));
  EXPECT_SUCCESS(outcome(&client));
  {
    vm_offset_t data = 0;
    mach_msg_type_number_t size = 0;
    REQUIRE_SUCCESS(vm_read(mach_task_self(), copy.at, PAGE, &data, &size));
    again = data;
  }
  EXPECT_SUCCESS(try_write(copy.at, 80));
  EXPECT_EQUAL(WORD_AT(again), 70);
  EXPECT_EQUAL(WORD_AT(copy.at), 80);
  EXPECT_EQUAL(WORD_AT(pager.at), 10);
}

CONFORMS(memory_object_copy, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_FAILURE);
  check_copy();
}

CONFORMS(memory_object_copy, "pages the manager left to the old object come back once they differ") {
  const struct pager pager = ready_pager(1, FALSE, MEMORY_OBJECT_COPY_CALL);
  struct pager copy;
  struct client client;
  supply(&pager, 0, 1, 10);
  copy = copy_of(&pager, 0, 1);
  start_write(&client, copy.at, 60);
  (void)expect_call(copy.object, DATA_REQUEST);
  EXPECT_SUCCESS(memory_object_data_unavailable(copy.control, 0, PAGE));
  EXPECT_SUCCESS(outcome(&client));
  EXPECT_SUCCESS(memory_object_lock_request(copy.control, 0, PAGE, MEMORY_OBJECT_RETURN_DIRTY,
                                            TRUE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  expect_return(&copy, 0, 1, 60, TRUE, FALSE);
  start_read(&client, copy.at);
  expect_request(&copy, 0, FOR_READ);
  supply(&copy, 0, 1, 60);
  EXPECT_EQUAL(value_of(&client), 60);
}
