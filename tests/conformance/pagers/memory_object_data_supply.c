#include "tests/conformance/pagers/pager.h"

static int is_allocated(vm_address_t address) {
  vm_address_t at = address;
  vm_size_t size;
  vm_prot_t protection, maximum;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t name;
  vm_offset_t offset;
  return vm_region(mach_task_self(), &at, &size, &protection, &maximum, &inheritance, &shared,
                   &name, &offset) == KERN_SUCCESS &&
         at <= address;
}

CONFORMS(memory_object_data_supply, "the data that was asked for, and more") {
  const struct pager pager = plain_pager(8);
  struct client clients[2];
  unsigned i;
  start_read(&clients[0], pager.at + 2 * PAGE);
  expect_request(&pager, 2, FOR_READ);
  start_read(&clients[1], pager.at + 4 * PAGE);
  expect_request(&pager, 4, FOR_READ);
  supply(&pager, 0, 8, 100);
  EXPECT_EQUAL(value_of(&clients[0]), 102);
  EXPECT_EQUAL(value_of(&clients[1]), 104);
  for (i = 0; i < 8; i++) EXPECT_EQUAL(WORD_AT(pager.at + i * PAGE), 100 + i);
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_data_supply, "less than is wanted: the rest still waits") {
  const struct pager pager = plain_pager(2);
  struct client one, two;
  start_read(&one, pager.at);
  expect_request(&pager, 0, FOR_READ);
  start_read(&two, pager.at + PAGE);
  expect_request(&pager, 1, FOR_READ);
  supply(&pager, 1, 1, 51);
  EXPECT_EQUAL(value_of(&two), 51);
  EXPECT(is_waiting(&one));
  supply(&pager, 0, 1, 50);
  EXPECT_EQUAL(value_of(&one), 50);
}

CONFORMS(memory_object_data_supply, "unasked: kept for whoever needs it") {
  const struct pager pager = plain_pager(4);
  supply(&pager, 1, 2, 71);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 71);
  EXPECT_EQUAL(WORD_AT(pager.at + 2 * PAGE), 72);
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_data_supply, "deallocate: the pages leave the manager; else it keeps a copy") {
  const struct pager pager = plain_pager(6);
  const vm_address_t kept = numbered_pages(3, 10);
  const vm_address_t given = numbered_pages(3, 20);
  unsigned i;
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 0, kept, 3 * PAGE, FALSE, VM_PROT_NONE,
                                           FALSE, MACH_PORT_NULL));
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 3 * PAGE, given, 3 * PAGE, TRUE,
                                           VM_PROT_NONE, FALSE, MACH_PORT_NULL));
  for (i = 0; i < 3; i++) {
    EXPECT_EQUAL(WORD_AT(kept + i * PAGE), 10 + i);
    EXPECT(!is_allocated(given + i * PAGE));
    WORD_AT(kept + i * PAGE) = 99;
    EXPECT_EQUAL(WORD_AT(pager.at + i * PAGE), 10 + i);
    EXPECT_EQUAL(WORD_AT(pager.at + (3 + i) * PAGE), 20 + i);
    WORD_AT(pager.at + i * PAGE) = 7;
    EXPECT_EQUAL(WORD_AT(kept + i * PAGE), 99);
  }
}

CONFORMS(memory_object_data_supply, "the manager's pages may be untouched, or of another object") {
  const struct pager pager = plain_pager(3);
  const struct pager source = plain_pager(2);
  vm_address_t zero = 0;
  struct client client;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &zero, PAGE, TRUE));
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 0, zero, PAGE, TRUE, VM_PROT_NONE, FALSE,
                                           MACH_PORT_NULL));
  start_read(&client, pager.at);
  EXPECT_EQUAL(value_of(&client), 0);
  supply(&source, 0, 2, 81);
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, PAGE, source.at, 2 * PAGE, FALSE,
                                           VM_PROT_NONE, FALSE, MACH_PORT_NULL));
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 81);
  EXPECT_EQUAL(WORD_AT(pager.at + 2 * PAGE), 82);
  WORD_AT(pager.at + PAGE) = 5;
  EXPECT_EQUAL(WORD_AT(source.at), 81);
}

CONFORMS(memory_object_data_supply, "whole pages only; the rest is discarded without notification") {
  const struct pager pager = plain_pager(3);
  const mach_port_t reply = make_receive();
  struct client client;
  struct call done;
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 0, numbered_pages(2, 60), PAGE + 100,
                                           FALSE, VM_PROT_NONE, FALSE, reply));
  done = expect_call(reply, SUPPLY_COMPLETED);
  EXPECT_EQUAL(done.length, PAGE);
  EXPECT_EQUAL(done.result, KERN_SUCCESS);
  EXPECT_EQUAL(WORD_AT(pager.at), 60);
  start_read(&client, pager.at + PAGE);
  expect_request(&pager, 1, FOR_READ);
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, PAGE, numbered_pages(1, 70), 2000, FALSE,
                                           VM_PROT_NONE, FALSE, MACH_PORT_NULL));
  EXPECT(is_waiting(&client));
  supply(&pager, 1, 1, 61);
  EXPECT_EQUAL(value_of(&client), 61);
}

CONFORMS(memory_object_data_supply, "live pages are not overwritten") {
  const struct pager pager = plain_pager(3);
  supply(&pager, 1, 1, 31);
  EXPECT_SUCCESS(try_write(pager.at + PAGE, 500));
  supply(&pager, 0, 3, 70);
  EXPECT_EQUAL(WORD_AT(pager.at), 70);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 500);
}

CONFORMS(memory_object_data_supply, "lock_value: accesses that it prohibits ask first") {
  const struct pager pager = plain_pager(2);
  struct client client;
  struct call unlock;
  supply_with(&pager, 0, 1, 40, VM_PROT_WRITE, FALSE, MACH_PORT_NULL);
  EXPECT_SUCCESS(try_read(pager.at));
  start_write(&client, pager.at, 41);
  unlock = expect_call(pager.object, DATA_UNLOCK);
  EXPECT_EQUAL(unlock.offset, 0);
  EXPECT(unlock.access & VM_PROT_WRITE);
  REQUIRE_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_NONE,
                                             FALSE, VM_PROT_NONE, MACH_PORT_NULL));
  EXPECT_SUCCESS(outcome(&client));
  supply_with(&pager, 1, 1, 50, VM_PROT_ALL, FALSE, MACH_PORT_NULL);
  start_read(&client, pager.at + PAGE);
  unlock = expect_call(pager.object, DATA_UNLOCK);
  EXPECT_EQUAL(unlock.access, FOR_READ);
  REQUIRE_SUCCESS(memory_object_lock_request(pager.control, PAGE, PAGE, MEMORY_OBJECT_RETURN_NONE,
                                             FALSE, VM_PROT_WRITE, MACH_PORT_NULL));
  EXPECT_EQUAL(value_of(&client), 50);
}

CONFORMS(memory_object_data_supply, "precious: comes back although nobody modified it") {
  const struct pager pager = plain_pager(3);
  supply_with(&pager, 0, 2, 15, VM_PROT_NONE, TRUE, MACH_PORT_NULL);
  supply(&pager, 2, 1, 17);
  EXPECT_SUCCESS(try_read(pager.at));
  unmap(&pager);
  expect_return(&pager, 0, 2, 15, FALSE, FALSE);
  expect_terminate(&pager);
}

CONFORMS(memory_object_data_supply, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = plain_pager(2);
  const vm_address_t data = numbered_pages(2, 1);
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 5, data, PAGE, FALSE, VM_PROT_NONE,
                                           FALSE, MACH_PORT_NULL));
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 0, data, PAGE, FALSE, 0x70, FALSE,
                                           MACH_PORT_NULL));
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 0xFFFFF000u, data, 2 * PAGE, FALSE,
                                           VM_PROT_NONE, FALSE, MACH_PORT_NULL));
  EXPECT_SUCCESS(memory_object_data_supply(pager.control, 0, data, 0, FALSE, VM_PROT_NONE, FALSE,
                                           MACH_PORT_NULL));
  EXPECT_EQUAL(memory_object_data_supply(pager.control, 0, PAGE, PAGE, FALSE, VM_PROT_NONE,
                                         FALSE, MACH_PORT_NULL),
               MACH_SEND_INVALID_MEMORY);
  EXPECT_EQUAL(memory_object_data_supply(MACH_PORT_NULL, 0, data, PAGE, FALSE, VM_PROT_NONE, FALSE,
                                         MACH_PORT_NULL),
               MACH_SEND_INVALID_DEST);
  supply(&pager, 0, 1, 33);
  EXPECT_EQUAL(WORD_AT(pager.at), 33);
}
