#include "tests/conformance/vm/memory.h"

static vm_offset_t read_pages(mach_port_t task, vm_address_t at, unsigned count) {
  vm_offset_t data = 0;
  mach_msg_type_number_t size = 0;
  REQUIRE_SUCCESS(vm_read(task, at, count * PAGE, &data, &size));
  EXPECT_EQUAL(size, count * PAGE);
  EXPECT_EQUAL(data % PAGE, 0);
  return data;
}

static kern_return_t read_result(vm_address_t at, vm_size_t bytes) {
  vm_offset_t data = 0;
  mach_msg_type_number_t size = 0;
  return vm_read(mach_task_self(), at, bytes, &data, &size);
}

CONFORMS(vm_read, "the data is that of the moment of the call, in new memory of the caller") {
  const vm_address_t at = new_pages(40);
  vm_offset_t data;
  number_pages(at, 40, 100);
  data = read_pages(mach_task_self(), at, 40);
  EXPECT(data != at);
  number_pages(at, 20, 700);
  EXPECT_EQUAL(misnumbered_pages(data, 40, 100), 0);
  number_pages(data + 20 * PAGE, 20, 800);
  EXPECT_EQUAL(misnumbered_pages(at + 20 * PAGE, 20, 120), 0);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), data, 40 * PAGE));
  EXPECT(!is_allocated(data));
  EXPECT_EQUAL(misnumbered_pages(at, 20, 700), 0);
}

CONFORMS(vm_read, "one task reads the memory of another") {
  mach_port_t task;
  const vm_address_t at = new_pages(3);
  vm_offset_t data;
  number_pages(at, 3, 55);
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  number_pages(at, 3, 66);
  data = read_pages(task, at, 3);
  EXPECT_EQUAL(misnumbered_pages(data, 3, 55), 0);
  EXPECT_SUCCESS(vm_deallocate(task, at, 3 * PAGE));
  EXPECT_EQUAL(misnumbered_pages(data, 3, 55), 0);
}

CONFORMS(vm_read, "untouched memory reads as zeros; regions of different protections as one piece") {
  const vm_address_t at = new_pages(4);
  vm_offset_t data;
  WORD_AT(at + PAGE) = 9;
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at + PAGE, PAGE, FALSE, VM_PROT_READ));
  EXPECT_SUCCESS(
      vm_protect(mach_task_self(), at + 2 * PAGE, PAGE, FALSE, VM_PROT_READ | VM_PROT_EXECUTE));
  data = read_pages(mach_task_self(), at, 4);
  EXPECT_EQUAL(nonzero_bytes(data, PAGE), 0);
  EXPECT_EQUAL(WORD_AT(data + PAGE), 9);
  EXPECT_EQUAL(nonzero_bytes(data + 2 * PAGE, 2 * PAGE), 0);
  /* What was read is the caller's, to be written too. */
  number_pages(data, 4, 1);
  EXPECT_EQUAL(misnumbered_pages(data, 4, 1), 0);
}

CONFORMS(vm_read, "wired and shared memory") {
  const vm_address_t at = (vm_address_t)shared_memory(2 * PAGE);
  vm_offset_t data;
  number_pages(at, 2, 20);
  REQUIRE_SUCCESS(vm_wire(host_control, mach_task_self(), at, PAGE, VM_PROT_READ));
  data = read_pages(mach_task_self(), at, 2);
  number_pages(at, 2, 30);
  EXPECT_EQUAL(misnumbered_pages(data, 2, 20), 0);
}

CONFORMS(vm_read, "the pages of a memory object") {
  static struct manager manager = {.contents = 1000};
  vm_address_t at = 0;
  vm_offset_t data;
  start_manager(&manager);
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, 8 * PAGE, 0, TRUE, manager.object, 2 * PAGE, FALSE,
                         VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_NONE));
  data = read_pages(mach_task_self(), at + PAGE, 5);
  EXPECT_EQUAL(misnumbered_pages(data, 5, 1003), 0);
}

CONFORMS(vm_read, KERN_SUCCESS, "a page, and no page at all") {
  const vm_address_t at = lone_pages(1);
  vm_offset_t data;
  mach_msg_type_number_t size = 1;
  EXPECT_SUCCESS(read_result(at, PAGE));
  EXPECT_SUCCESS(vm_read(mach_task_self(), at, 0, &data, &size));
  EXPECT_EQUAL(size, 0);
}

CONFORMS(vm_read, KERN_INVALID_ARGUMENT, "address or size are not whole pages") {
  const vm_address_t at = lone_pages(4);
  EXPECT_EQUAL(read_result(at + 1, PAGE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(read_result(at, PAGE - 1), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(read_result(at, 1), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(read_result(at + 2048, 2048), KERN_INVALID_ARGUMENT);
}

CONFORMS(vm_read, KERN_NO_SPACE, "the caller has no room for the data") {
  const vm_address_t at = new_pages(2);
  vm_offset_t data = 0;
  mach_msg_type_number_t size = 0;
  number_pages(at, 2, 5);
  fill_task(mach_task_self());
  EXPECT_EQUAL(vm_read(mach_task_self(), at, 2 * PAGE, &data, &size), KERN_NO_SPACE);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), 0x60000000, PAGE));
  EXPECT_EQUAL(vm_read(mach_task_self(), at, 2 * PAGE, &data, &size), KERN_NO_SPACE);
  EXPECT_SUCCESS(vm_read(mach_task_self(), at + PAGE, PAGE, &data, &size));
  EXPECT_EQUAL(WORD_AT(data), 6);
  EXPECT_EQUAL(misnumbered_pages(at, 2, 5), 0);
}

CONFORMS(vm_read, KERN_PROTECTION_FAILURE, "the region may not be read, all or part of it") {
  const vm_address_t at = lone_pages(3);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at + PAGE, PAGE, FALSE, VM_PROT_NONE));
  EXPECT_EQUAL(read_result(at + PAGE, PAGE), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(read_result(at, 3 * PAGE), KERN_PROTECTION_FAILURE);
  EXPECT_SUCCESS(read_result(at, PAGE));
}

CONFORMS(vm_read, KERN_INVALID_ADDRESS, "not allocated, too short, or no user address") {
  const vm_address_t at = lone_pages(2);
  EXPECT_EQUAL(read_result(at - PAGE, PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(read_result(at - PAGE, 2 * PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(read_result(at, 3 * PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(read_result(USER_END, PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(read_result(0xFFFFF000, PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(read_result(at, 0xFFFFF000), KERN_INVALID_ADDRESS);
}
