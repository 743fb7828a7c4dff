#include "tests/conformance/pagers/pager.h"

static void check_end(void) {
  const struct pager pager = plain_pager(2);
  const vm_address_t again = map_object(pager.object, 1, PAGE, FALSE);
  supply(&pager, 0, 2, 10);
  EXPECT_SUCCESS(try_write(again, 12));
  unmap(&pager);
  EXPECT(is_quiet(pager.object));
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), again, PAGE));
  expect_return(&pager, 1, 1, 12, TRUE, FALSE);
  expect_terminate(&pager);
  EXPECT_EQUAL(type_of(pager.control), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQUAL(type_of(pager.name), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), pager.control));
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), pager.name));
}

CONFORMS(memory_object_terminate, "after the last mapping and what it returns, with receive rights") {
  check_end();
}

CONFORMS(memory_object_terminate, seqnos_memory_object_terminate,
         "numbered as the object's messages are") {
  use_sequence_numbers();
  check_end();
}

CONFORMS(memory_object_terminate, "the kernel gives up its send rights for all three ports") {
  const struct pager pager = plain_pager(1);
  const mach_port_t notify = make_receive();
  mach_port_t previous;
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), pager.object, MACH_PORT_RIGHT_SEND, -1));
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), pager.object,
                                                 MACH_NOTIFY_NO_SENDERS, 0, notify,
                                                 MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  EXPECT(is_empty(notify));
  unmap(&pager);
  expect_terminate(&pager);
  (void)expect_notification(notify, MACH_NOTIFY_NO_SENDERS);
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), pager.control, MACH_PORT_RIGHT_SEND, -1));
  EXPECT(!status_of(pager.control).mps_srights);
}

CONFORMS(memory_object_terminate, "at the end of a task that has it mapped") {
  const mach_port_t task = make_empty_task();
  const mach_port_t object = make_port();
  vm_address_t at = 0x10000000;
  REQUIRE_SUCCESS(vm_map(task, &at, PAGE, 0, FALSE, object, 0, FALSE, VM_PROT_READ, VM_PROT_READ,
                         VM_INHERIT_NONE));
  (void)expect_call(object, INIT);
  EXPECT(is_quiet(object));
  EXPECT_SUCCESS(task_terminate(task));
  (void)expect_call(object, TERMINATE);
}

CONFORMS(memory_object_terminate, "of an object that was never ready") {
  const struct pager pager = new_pager(1);
  unmap(&pager);
  expect_terminate(&pager);
}

CONFORMS(memory_object_terminate, "mapped again before the manager has seen it: an object of its own") {
  const struct pager pager = plain_pager(1);
  vm_address_t at;
  struct call init, end;
  struct client client;
  supply(&pager, 0, 1, 10);
  EXPECT_SUCCESS(try_write(pager.at, 11));
  unmap(&pager);
  at = map_object(pager.object, 1, 0, FALSE);
  start_read(&client, at);
  expect_return(&pager, 0, 1, 11, TRUE, FALSE);
  /* The book allows both orders. */
  init = next_call(pager.object);
  end = next_call(pager.object);
  if (init.id == TERMINATE) {
    const struct call first = init;
    init = end;
    end = first;
  }
  REQUIRE_EQUAL(init.id, INIT);
  REQUIRE_EQUAL(end.id, TERMINATE);
  EXPECT_EQUAL(end.control, pager.control);
  EXPECT_EQUAL(end.name, pager.name);
  EXPECT(init.control != pager.control && init.name != pager.name);
  EXPECT_SUCCESS(memory_object_ready(init.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  (void)expect_call(pager.object, DATA_REQUEST);
  EXPECT_SUCCESS(memory_object_data_provided(init.control, 0, numbered_pages(1, 11), PAGE, 0));
  EXPECT_EQUAL(value_of(&client), 11);
}

CONFORMS(memory_object_terminate, "a request under way when the mapping goes: the late answer is harmless") {
  const struct pager pager = plain_pager(1);
  struct client client;
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  unmap(&pager);
  pause_for(50);
  supply(&pager, 0, 1, 10);
  EXPECT_EQUAL(outcome(&client), KERN_INVALID_ADDRESS);
  expect_terminate(&pager);
}

CONFORMS(memory_object_terminate, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_FAILURE);
  check_end();
}
