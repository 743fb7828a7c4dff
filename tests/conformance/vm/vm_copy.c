#include "tests/conformance/vm/memory.h"

static kern_return_t copy(vm_address_t from, unsigned count, vm_address_t to) {
  return vm_copy(mach_task_self(), from, count * PAGE, to);
}

static vm_address_t numbered(unsigned count, unsigned first) {
  const vm_address_t at = lone_pages(count);
  number_pages(at, count, first);
  return at;
}

CONFORMS(vm_copy, "the destination holds what the source held; each is then its own") {
  const vm_address_t from = numbered(10, 100);
  const vm_address_t to = numbered(14, 500);
  EXPECT_SUCCESS(copy(from, 10, to + 2 * PAGE));
  EXPECT_EQUAL(misnumbered_pages(to, 2, 500), 0);
  EXPECT_EQUAL(misnumbered_pages(to + 2 * PAGE, 10, 100), 0);
  EXPECT_EQUAL(misnumbered_pages(to + 12 * PAGE, 2, 512), 0);
  number_pages(from, 5, 900);
  number_pages(to + 7 * PAGE, 5, 800);
  EXPECT_EQUAL(misnumbered_pages(to + 2 * PAGE, 5, 100), 0);
  EXPECT_EQUAL(misnumbered_pages(from + 5 * PAGE, 5, 105), 0);
}

CONFORMS(vm_copy, "the destination may overlap the source, on either side") {
  const vm_address_t at = numbered(20, 100);
  EXPECT_SUCCESS(copy(at, 10, at + 4 * PAGE));
  EXPECT_EQUAL(misnumbered_pages(at, 4, 100), 0);
  EXPECT_EQUAL(misnumbered_pages(at + 4 * PAGE, 10, 100), 0);
  EXPECT_EQUAL(misnumbered_pages(at + 14 * PAGE, 6, 114), 0);
  number_pages(at, 20, 100);
  EXPECT_SUCCESS(copy(at + 4 * PAGE, 10, at));
  EXPECT_EQUAL(misnumbered_pages(at, 10, 104), 0);
  EXPECT_EQUAL(misnumbered_pages(at + 10 * PAGE, 10, 110), 0);
  number_pages(at, 20, 100);
  EXPECT_SUCCESS(copy(at, 20, at));
  EXPECT_EQUAL(misnumbered_pages(at, 20, 100), 0);
}

CONFORMS(vm_copy, "untouched, shared and wired memory, and a memory object, in either place") {
  static struct manager manager = {.contents = 1000};
  vm_address_t places[4];
  vm_address_t object = 0;
  unsigned from, to;
  start_manager(&manager);
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &object, 4 * PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_NONE));
  EXPECT_EQUAL(misnumbered_pages(object, 4, 1000), 0);
  places[0] = object;
  places[1] = (vm_address_t)shared_memory(4 * PAGE);
  places[2] = lone_pages(4);
  REQUIRE_SUCCESS(vm_wire(host_control, mach_task_self(), places[2], 4 * PAGE, VM_PROT_READ));
  places[3] = lone_pages(4);
  for (from = 0; from < 4; from++) {
    for (to = 0; to < 4; to++) {
      const unsigned first = 100 * from + 10 * to;
      if (from == to) continue;
      number_pages(places[from], 4, first);
      EXPECT_SUCCESS(copy(places[from], 4, places[to]));
      EXPECT_EQUAL(misnumbered_pages(places[to], 4, first), 0);
      number_pages(places[from], 4, 7777);
      EXPECT_EQUAL(misnumbered_pages(places[to], 4, first), 0);
    }
  }
  EXPECT_SUCCESS(copy(new_pages(4), 4, places[3]));
  EXPECT_EQUAL(nonzero_bytes(places[3], 4 * PAGE), 0);
}

CONFORMS(vm_copy, "within another task") {
  mach_port_t task;
  const vm_address_t at = numbered(4, 30);
  vm_offset_t data;
  mach_msg_type_number_t size;
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  EXPECT_SUCCESS(vm_copy(task, at, 2 * PAGE, at + 2 * PAGE));
  EXPECT_EQUAL(misnumbered_pages(at, 4, 30), 0);
  REQUIRE_SUCCESS(vm_read(task, at, 4 * PAGE, &data, &size));
  EXPECT_EQUAL(misnumbered_pages(data, 2, 30), 0);
  EXPECT_EQUAL(misnumbered_pages(data + 2 * PAGE, 2, 30), 0);
}

CONFORMS(vm_copy, "the destination keeps its protection and inheritance") {
  const vm_address_t from = numbered(1, 1);
  const vm_address_t to = numbered(1, 2);
  struct region region;
  EXPECT_SUCCESS(vm_protect(mach_task_self(), to, PAGE, TRUE, VM_PROT_READ | VM_PROT_WRITE));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), to, PAGE, VM_INHERIT_NONE));
  EXPECT_SUCCESS(vm_protect(mach_task_self(), from, PAGE, TRUE, VM_PROT_READ));
  EXPECT_SUCCESS(copy(from, 1, to));
  REQUIRE_SUCCESS(region_at(mach_task_self(), to, &region));
  EXPECT_EQUAL(region.protection, VM_PROT_READ | VM_PROT_WRITE);
  EXPECT_EQUAL(region.max_protection, VM_PROT_READ | VM_PROT_WRITE);
  EXPECT_EQUAL(region.inheritance, VM_INHERIT_NONE);
  WORD_AT(to) = 3;
  EXPECT_EQUAL(WORD_AT(from), 1);
}

CONFORMS(vm_copy, KERN_SUCCESS, "over regions of different kinds; nothing at all") {
  const vm_address_t from = numbered(6, 10);
  const vm_address_t to = numbered(6, 50);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), from + PAGE, PAGE, FALSE, VM_PROT_READ));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), to + 3 * PAGE, PAGE, VM_INHERIT_SHARE));
  EXPECT_SUCCESS(copy(from, 6, to));
  EXPECT_EQUAL(misnumbered_pages(to, 6, 10), 0);
  EXPECT_SUCCESS(copy(from, 0, to));
}

CONFORMS(vm_copy, KERN_INVALID_ARGUMENT, "an address or the count are not whole pages") {
  const vm_address_t from = numbered(4, 10);
  const vm_address_t to = numbered(4, 50);
  EXPECT_EQUAL(vm_copy(mach_task_self(), from + 1, PAGE, to), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_copy(mach_task_self(), from, PAGE + 1, to), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_copy(mach_task_self(), from, 100, to), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_copy(mach_task_self(), from, PAGE, to + 2048), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(misnumbered_pages(to, 4, 50), 0);
}

CONFORMS(vm_copy, KERN_PROTECTION_FAILURE, "the source not readable, the destination not writable") {
  const vm_address_t from = numbered(3, 10);
  const vm_address_t to = numbered(3, 50);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), from + 2 * PAGE, PAGE, FALSE, VM_PROT_NONE));
  EXPECT_EQUAL(copy(from, 3, to), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(copy(from + 2 * PAGE, 1, to), KERN_PROTECTION_FAILURE);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), to + PAGE, PAGE, FALSE, VM_PROT_READ));
  EXPECT_EQUAL(copy(from, 2, to), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(misnumbered_pages(to, 3, 50), 0);
}

CONFORMS(vm_copy, KERN_INVALID_ADDRESS, "not allocated, too short, or no user address") {
  const vm_address_t from = numbered(2, 10);
  const vm_address_t to = numbered(2, 50);
  EXPECT_EQUAL(copy(from - PAGE, 1, to), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(copy(from, 1, to - PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(copy(from, 3, to), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(copy(from, 2, to + PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(copy(USER_END, 1, to), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(copy(from, 1, 0xFFFFF000), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_copy(mach_task_self(), from, 0xFFFFF000, to), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(misnumbered_pages(to, 2, 50), 0);
}
