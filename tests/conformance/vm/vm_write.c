#include "tests/conformance/vm/memory.h"

static kern_return_t write_pages(vm_address_t to, vm_address_t from, unsigned count) {
  return vm_write(mach_task_self(), to, from, count * PAGE);
}

/* Numbered pages to write from. */
static vm_address_t source(unsigned count, unsigned first) {
  const vm_address_t at = new_pages(count);
  number_pages(at, count, first);
  return at;
}

CONFORMS(vm_write, "the memory holds the data, which the caller keeps") {
  const vm_address_t to = lone_pages(20);
  const vm_address_t from = source(10, 300);
  number_pages(to, 20, 1);
  EXPECT_SUCCESS(write_pages(to + 5 * PAGE, from, 10));
  EXPECT_EQUAL(misnumbered_pages(to, 5, 1), 0);
  EXPECT_EQUAL(misnumbered_pages(to + 5 * PAGE, 10, 300), 0);
  EXPECT_EQUAL(misnumbered_pages(to + 15 * PAGE, 5, 16), 0);
  number_pages(to + 5 * PAGE, 5, 700);
  number_pages(from + 5 * PAGE, 5, 800);
  EXPECT_EQUAL(misnumbered_pages(from, 5, 300), 0);
  EXPECT_EQUAL(misnumbered_pages(to + 10 * PAGE, 5, 305), 0);
  EXPECT_EQUAL(WORD_AT(to + 10 * PAGE + 4), 0); /* whole pages are replaced */
}

CONFORMS(vm_write, "one task writes the memory of another") {
  mach_port_t task;
  const vm_address_t at = new_pages(3);
  const vm_address_t from = source(2, 40);
  vm_offset_t data;
  mach_msg_type_number_t size;
  number_pages(at, 3, 1);
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  EXPECT_SUCCESS(vm_write(task, at + PAGE, from, 2 * PAGE));
  EXPECT_EQUAL(misnumbered_pages(at, 3, 1), 0);
  REQUIRE_SUCCESS(vm_read(task, at, 3 * PAGE, &data, &size));
  EXPECT_EQUAL(WORD_AT(data), 1);
  EXPECT_EQUAL(misnumbered_pages(data + PAGE, 2, 40), 0);
}

static void sees_written(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  const vm_address_t from = source(4, 500);
  EXPECT_SUCCESS(write_pages(at, from, 4));
  EXPECT_EQUAL(misnumbered_pages(at, 4, 500), 0);
}

CONFORMS(vm_write, "memory that is shared changes for all who share it") {
  const vm_address_t at = (vm_address_t)shared_memory(4 * PAGE);
  number_pages(at, 4, 1);
  in_child(sees_written, (void *)at);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 500), 0);
}

CONFORMS(vm_write, "memory of which there are copies: they stay as they were") {
  const vm_address_t at = source(4, 1);
  const vm_address_t from = source(4, 90);
  vm_offset_t copy;
  mach_msg_type_number_t size;
  REQUIRE_SUCCESS(vm_read(mach_task_self(), at, 4 * PAGE, &copy, &size));
  EXPECT_SUCCESS(write_pages(at, from, 4));
  EXPECT_EQUAL(misnumbered_pages(copy, 4, 1), 0);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 90), 0);
  in_child(sees_written, (void *)at);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 90), 0);
}

CONFORMS(vm_write, "a memory object: through all its mappings") {
  static struct manager manager = {.contents = 1000};
  const vm_address_t from = source(2, 60);
  vm_address_t one = 0;
  vm_address_t two = 0;
  start_manager(&manager);
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &one, 8 * PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_NONE));
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &two, 8 * PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_NONE));
  EXPECT_SUCCESS(write_pages(one + 3 * PAGE, from, 2));
  EXPECT_EQUAL(misnumbered_pages(two, 3, 1000), 0);
  EXPECT_EQUAL(misnumbered_pages(two + 3 * PAGE, 2, 60), 0);
  EXPECT_EQUAL(WORD_AT(two + 5 * PAGE), 1005);
}

CONFORMS(vm_write, "wired memory: its pages stay where they are") {
  const vm_address_t at = source(2, 1);
  const vm_address_t from = source(2, 70);
  const int before = statistics_now().wire_count;
  REQUIRE_SUCCESS(
      vm_wire(host_control, mach_task_self(), at, 2 * PAGE, VM_PROT_READ | VM_PROT_WRITE));
  EXPECT_SUCCESS(write_pages(at, from, 2));
  EXPECT_EQUAL(misnumbered_pages(at, 2, 70), 0);
  EXPECT_EQUAL(statistics_now().wire_count, before + 2);
}

CONFORMS(vm_write, KERN_SUCCESS, "over several regions; data in itself; no data") {
  const vm_address_t at = source(6, 10);
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at + 2 * PAGE, PAGE, VM_INHERIT_NONE));
  EXPECT_SUCCESS(write_pages(at, source(6, 20), 6));
  EXPECT_EQUAL(misnumbered_pages(at, 6, 20), 0);
  EXPECT_SUCCESS(write_pages(at, at, 6));
  EXPECT_EQUAL(misnumbered_pages(at, 6, 20), 0);
  EXPECT_SUCCESS(write_pages(at, at, 0));
}

CONFORMS(vm_write, KERN_INVALID_ARGUMENT, "address or size are not whole pages") {
  const vm_address_t at = source(4, 1);
  const vm_address_t from = source(4, 50);
  EXPECT_EQUAL(vm_write(mach_task_self(), at + 1, from, PAGE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_write(mach_task_self(), at + 2048, from, 2 * PAGE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_write(mach_task_self(), at, from, 1), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_write(mach_task_self(), at, from, PAGE - 1), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_write(mach_task_self(), at, from, 2 * PAGE + 4), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 1), 0);
}

CONFORMS(vm_write, KERN_PROTECTION_FAILURE, "the memory may not be written, all or part of it") {
  const vm_address_t at = source(3, 1);
  const vm_address_t from = source(3, 50);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at + 2 * PAGE, PAGE, FALSE, VM_PROT_READ));
  EXPECT_EQUAL(write_pages(at + 2 * PAGE, from, 1), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(write_pages(at, from, 3), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(misnumbered_pages(at, 3, 1), 0);
}

CONFORMS(vm_write, KERN_INVALID_ADDRESS, "not allocated, too short, or no user address") {
  const vm_address_t at = lone_pages(2);
  const vm_address_t from = source(4, 50);
  number_pages(at, 2, 1);
  EXPECT_EQUAL(write_pages(at - PAGE, from, 1), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(write_pages(at, from, 3), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(write_pages(at - PAGE, from, 2), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(write_pages(USER_END, from, 1), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(write_pages(0xFFFFF000, from, 2), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(misnumbered_pages(at, 2, 1), 0);
}
