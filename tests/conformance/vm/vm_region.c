#include "tests/conformance/vm/memory.h"

CONFORMS(vm_region, "looks from the address on; within a region the start of that") {
  const vm_address_t at = lone_pages(5);
  struct region region;
  REQUIRE_SUCCESS(region_at(mach_task_self(), at + 2 * PAGE + 17, &region));
  EXPECT_EQUAL(region.address, at);
  EXPECT_EQUAL(region.size, 5 * PAGE);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at - PAGE, &region));
  EXPECT_EQUAL(region.address, at);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at - 1, &region));
  EXPECT_EQUAL(region.address, at);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at + 5 * PAGE - 1, &region));
  EXPECT_EQUAL(region.address, at);
  if (region_at(mach_task_self(), at + 5 * PAGE, &region) == KERN_SUCCESS)
    EXPECT(region.address > at + 5 * PAGE);
}

CONFORMS(vm_region, "protections and inheritance are those of the region, and divide regions") {
  const vm_address_t at = lone_pages(6);
  struct region region;
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at + PAGE, PAGE, FALSE, VM_PROT_READ));
  EXPECT_SUCCESS(
      vm_protect(mach_task_self(), at + 2 * PAGE, PAGE, TRUE, VM_PROT_READ | VM_PROT_EXECUTE));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at + 3 * PAGE, 2 * PAGE, VM_INHERIT_NONE));
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT_EQUAL(region.size, PAGE);
  EXPECT_EQUAL(region.protection, VM_PROT_READ | VM_PROT_WRITE);
  EXPECT_EQUAL(region.max_protection, VM_PROT_ALL);
  EXPECT_EQUAL(region.inheritance, VM_INHERIT_COPY);
  EXPECT_EQUAL(region.name, MACH_PORT_NULL);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at + PAGE, &region));
  EXPECT_EQUAL(region.address, at + PAGE);
  EXPECT_EQUAL(region.size, PAGE);
  EXPECT_EQUAL(region.protection, VM_PROT_READ);
  EXPECT_EQUAL(region.max_protection, VM_PROT_ALL);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at + 2 * PAGE, &region));
  EXPECT_EQUAL(region.protection, VM_PROT_READ);
  EXPECT_EQUAL(region.max_protection, VM_PROT_READ | VM_PROT_EXECUTE);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at + 4 * PAGE, &region));
  EXPECT_EQUAL(region.address, at + 3 * PAGE);
  EXPECT_EQUAL(region.size, 2 * PAGE);
  EXPECT_EQUAL(region.inheritance, VM_INHERIT_NONE);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at + 5 * PAGE, &region));
  EXPECT_EQUAL(region.address, at + 5 * PAGE);
}

CONFORMS(vm_region, "a walk meets every region once, in order, and all of the task's memory") {
  vm_address_t at = 0;
  vm_size_t total = 0;
  unsigned count = 0;
  unsigned i;
  const vm_address_t pages = lone_pages(300);
  struct region region;
  for (i = 0; i < 300; i += 3)
    REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), pages + i * PAGE, PAGE));
  for (i = 1; i < 300; i += 3)
    REQUIRE_SUCCESS(vm_protect(mach_task_self(), pages + i * PAGE, PAGE, FALSE, VM_PROT_READ));
  while (region_at(mach_task_self(), at, &region) == KERN_SUCCESS) {
    EXPECT(region.address >= at);
    REQUIRE(region.size != 0);
    EXPECT_EQUAL((region.address | region.size) % PAGE, 0);
    EXPECT_EQUAL(region.protection & ~region.max_protection, 0);
    total += region.size;
    at = region.address + region.size;
    count++;
  }
  EXPECT(count >= 200);
  EXPECT(at <= USER_END);
  EXPECT_EQUAL(total, task_info_of(mach_task_self()).virtual_size);
}

CONFORMS(vm_region, "regions with equal attributes that were divided by a change are one again") {
  const vm_address_t at = lone_pages(6);
  struct region region;
  number_pages(at, 6, 40);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at + 2 * PAGE, PAGE, FALSE, VM_PROT_READ));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at + 4 * PAGE, PAGE, VM_INHERIT_SHARE));
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at + 2 * PAGE, PAGE, FALSE, VM_PROT_DEFAULT));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at + 4 * PAGE, PAGE, VM_INHERIT_COPY));
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT_EQUAL(region.address, at);
  EXPECT_EQUAL(region.size, 6 * PAGE);
  EXPECT_EQUAL(misnumbered_pages(at, 6, 40), 0);
}

CONFORMS(vm_region, "a memory object: its name and the offset; another task sees the same") {
  static struct manager manager = {.contents = 8};
  vm_address_t at = 0;
  struct region region;
  mach_port_t task;
  start_manager(&manager);
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, 8 * PAGE, 0, TRUE, manager.object, 3 * PAGE, FALSE,
                         VM_PROT_READ, VM_PROT_READ | VM_PROT_WRITE, VM_INHERIT_SHARE));
  EXPECT_EQUAL(WORD_AT(at), 11);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT_EQUAL(region.address, at);
  EXPECT_EQUAL(region.size, 8 * PAGE);
  EXPECT_EQUAL(region.protection, VM_PROT_READ);
  EXPECT_EQUAL(region.max_protection, VM_PROT_READ | VM_PROT_WRITE);
  EXPECT_EQUAL(region.inheritance, VM_INHERIT_SHARE);
  EXPECT_EQUAL(region.offset, 3 * PAGE);
  /* The manager, in this task too, has a send right for it: the same name. */
  EXPECT(region.name != MACH_PORT_NULL);
  EXPECT_EQUAL(region.name, manager.name);
  EXPECT(!region.shared);
  EXPECT_SUCCESS(
      vm_protect(mach_task_self(), at + 5 * PAGE, 2 * PAGE, FALSE, VM_PROT_READ | VM_PROT_WRITE));
  REQUIRE_SUCCESS(region_at(mach_task_self(), at + 6 * PAGE, &region));
  EXPECT_EQUAL(region.address, at + 5 * PAGE);
  EXPECT_EQUAL(region.offset, 8 * PAGE);
  EXPECT_EQUAL(region.name, manager.name);
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  REQUIRE_SUCCESS(region_at(task, at + 5 * PAGE, &region));
  EXPECT_EQUAL(region.address, at + 5 * PAGE);
  EXPECT_EQUAL(region.name, manager.name);
  EXPECT(region.shared);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT(region.shared);
}

static void look_at_shared(void *argument) {
  struct region region;
  REQUIRE_SUCCESS(region_at(mach_task_self(), (vm_address_t)argument, &region));
  EXPECT(region.shared);
}

CONFORMS(vm_region, "shared: with another task, as long as there is one") {
  const vm_address_t at = new_pages(3) + PAGE;
  struct region region;
  mach_port_t task;
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, PAGE, VM_INHERIT_SHARE));
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT(!region.shared);
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT(region.shared);
  REQUIRE_SUCCESS(region_at(task, at, &region));
  EXPECT(region.shared);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at - PAGE, &region));
  EXPECT(!region.shared); /* a copy */
  in_child(look_at_shared, (void *)at);
  EXPECT_SUCCESS(task_terminate(task));
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT(!region.shared);
}

CONFORMS(vm_region, KERN_SUCCESS, "in another task") {
  mach_port_t task;
  vm_address_t at = 0x10000000;
  struct region region;
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  REQUIRE_SUCCESS(vm_allocate(task, &at, 7 * PAGE, FALSE));
  EXPECT_SUCCESS(region_at(task, 0, &region));
  EXPECT_EQUAL(region.address, at);
  EXPECT_EQUAL(region.size, 7 * PAGE);
}

CONFORMS(vm_region, KERN_NO_SPACE, "nothing at or beyond the address") {
  mach_port_t task;
  vm_address_t at = 0x10000000;
  struct region region;
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  EXPECT_EQUAL(region_at(task, 0, &region), KERN_NO_SPACE);
  REQUIRE_SUCCESS(vm_allocate(task, &at, PAGE, FALSE));
  EXPECT_SUCCESS(region_at(task, at + PAGE - 1, &region));
  EXPECT_EQUAL(region_at(task, at + PAGE, &region), KERN_NO_SPACE);
  EXPECT_EQUAL(region_at(task, 0xFFFFFFFF, &region), KERN_NO_SPACE);
  EXPECT_EQUAL(region_at(mach_task_self(), USER_END, &region), KERN_NO_SPACE);
}
