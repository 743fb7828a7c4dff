#include "tests/conformance/vm/memory.h"

/* The message, which the library sends only when the trap does not apply. */
kern_return_t vm_allocate_rpc(mach_port_t task, vm_address_t *address, vm_size_t size,
                              boolean_t anywhere);

CONFORMS(vm_allocate, "a new region is zero filled, whatever was in its pages before") {
  unsigned round;
  for (round = 0; round < 3; round++) {
    const vm_address_t at = new_pages(64);
    unsigned i;
    EXPECT_EQUAL(nonzero_bytes(at, 64 * PAGE), 0);
    for (i = 0; i < 64 * PAGE; i++) *(unsigned char *)(at + i) = 0xA5;
    EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 64 * PAGE));
  }
}

CONFORMS(vm_allocate, "physical memory comes with the first reference to each page") {
  const vm_size_t resident = task_info_of(mach_task_self()).resident_size;
  const vm_size_t size = 512u << 20; /* more than there is */
  vm_statistics_data_t before = statistics_now();
  vm_statistics_data_t after;
  vm_address_t at = 0;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &at, size, TRUE));
  after = statistics_now();
  EXPECT((unsigned)(before.free_count - after.free_count) < 8);
  EXPECT(task_info_of(mach_task_self()).resident_size - resident <= 4 * PAGE);
  before = statistics_now();
  number_pages(at + size / 2, 100, 1);
  after = statistics_now();
  EXPECT(before.free_count - after.free_count >= 100);
  EXPECT(before.free_count - after.free_count < 110);
  EXPECT_EQUAL(misnumbered_pages(at + size / 2, 100, 1), 0);
}

CONFORMS(vm_allocate, "anywhere: a page boundary, and whole pages") {
  static const vm_size_t sizes[] = {1, 2, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE - 1, 100000};
  unsigned i;
  for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
    const vm_size_t before = task_info_of(mach_task_self()).virtual_size;
    const vm_size_t whole = (sizes[i] + PAGE - 1) & ~(PAGE - 1);
    vm_address_t at = 12345; /* of no importance */
    REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &at, sizes[i], TRUE));
    EXPECT_EQUAL(at % PAGE, 0);
    EXPECT(at != 0);
    EXPECT_EQUAL(task_info_of(mach_task_self()).virtual_size - before, whole);
    EXPECT_EQUAL(nonzero_bytes(at, whole), 0);
  }
}

CONFORMS(vm_allocate, "not anywhere: from the page of address to the page of address + size - 1") {
  static const struct {
    unsigned offset, size, pages;
  } cases[] = {{0, 1, 1},    {0, PAGE, 1},        {1, PAGE, 2},         {PAGE - 1, 1, 1},
               {PAGE - 1, 2, 2}, {100, PAGE - 100, 1}, {100, PAGE - 99, 2}, {5, 3 * PAGE, 4}};
  unsigned i;
  for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    const vm_address_t room = lone_pages(6);
    vm_address_t at = room + cases[i].offset;
    unsigned page;
    REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), room, 6 * PAGE));
    EXPECT_SUCCESS(vm_allocate(mach_task_self(), &at, cases[i].size, FALSE));
    EXPECT_EQUAL(at, room);
    EXPECT(!is_allocated(room - 1));
    for (page = 0; page < 6; page++)
      EXPECT_EQUAL(is_allocated(room + page * PAGE), page < cases[i].pages);
    EXPECT_SUCCESS(vm_deallocate(mach_task_self(), room, cases[i].pages * PAGE));
  }
}

CONFORMS(vm_allocate, "no access is restricted: current and maximum protection") {
  const vm_address_t at = lone_pages(1);
  struct region region;
  EXPECT_SUCCESS(try_write(at));
  EXPECT_SUCCESS(try_read(at));
  EXPECT_SUCCESS(try_call(at));
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT_EQUAL(region.protection & (VM_PROT_READ | VM_PROT_WRITE), VM_PROT_READ | VM_PROT_WRITE);
  EXPECT_EQUAL(region.max_protection, VM_PROT_ALL);
  EXPECT_EQUAL(region.inheritance, VM_INHERIT_COPY);
  EXPECT(!region.shared);
}

static void change_copy(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  EXPECT_EQUAL(misnumbered_pages(at, 4, 500), 0);
  number_pages(at, 4, 900);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 900), 0);
}

CONFORMS(vm_allocate, "child tasks inherit the region as a copy") {
  const vm_address_t at = new_pages(4);
  number_pages(at, 4, 500);
  in_child(change_copy, (void *)at);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 500), 0);
}

CONFORMS(vm_allocate, "in another task: there and not here") {
  mach_port_t task;
  vm_address_t at = 0x20000000;
  vm_address_t any = 0;
  const vm_size_t before = task_info_of(mach_task_self()).virtual_size;
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  EXPECT_SUCCESS(vm_allocate(task, &at, 3 * PAGE, FALSE));
  EXPECT_EQUAL(at, 0x20000000);
  EXPECT_SUCCESS(vm_allocate(task, &any, 5 * PAGE, TRUE));
  EXPECT(is_allocated_in(task, at) && is_allocated_in(task, any + 4 * PAGE));
  EXPECT(!is_allocated(at));
  EXPECT_EQUAL(task_info_of(task).virtual_size, 8 * PAGE);
  EXPECT_EQUAL(task_info_of(mach_task_self()).virtual_size, before);
}

CONFORMS(vm_allocate, "by trap and by message alike") {
  vm_address_t at = 0;
  vm_address_t below;
  REQUIRE_SUCCESS(vm_allocate_rpc(mach_task_self(), &at, 2 * PAGE + 1, TRUE));
  EXPECT_EQUAL(at % PAGE, 0);
  EXPECT_EQUAL(nonzero_bytes(at, 3 * PAGE), 0);
  below = at;
  EXPECT_EQUAL(vm_allocate_rpc(mach_task_self(), &below, PAGE, FALSE), KERN_NO_SPACE);
  EXPECT_EQUAL(syscall_vm_allocate(mach_task_self(), &below, PAGE, FALSE), KERN_NO_SPACE);
  below = USER_END;
  EXPECT_EQUAL(vm_allocate_rpc(mach_task_self(), &below, PAGE, FALSE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(syscall_vm_allocate(mach_task_self(), &below, PAGE, FALSE), KERN_INVALID_ADDRESS);
}

CONFORMS(vm_allocate, "regions one after the other are whole, whatever is done to one of them") {
  const vm_address_t first = lone_pages(8);
  vm_address_t at;
  unsigned i;
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), first, 8 * PAGE));
  for (i = 0; i < 8; i++) {
    at = first + i * PAGE;
    REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &at, PAGE, FALSE));
    WORD_AT(at) = 100 + i;
  }
  EXPECT_EQUAL(misnumbered_pages(first, 8, 100), 0);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), first + 3 * PAGE, PAGE));
  at = first + 3 * PAGE;
  EXPECT_SUCCESS(vm_allocate(mach_task_self(), &at, PAGE, FALSE));
  EXPECT_EQUAL(nonzero_bytes(at, PAGE), 0);
  WORD_AT(at) = 103;
  EXPECT_EQUAL(misnumbered_pages(first, 8, 100), 0);
}

CONFORMS(vm_allocate, KERN_SUCCESS, "at a free place, and of no bytes at all") {
  vm_address_t at = lone_pages(1);
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), at, PAGE));
  EXPECT_SUCCESS(vm_allocate(mach_task_self(), &at, PAGE, FALSE));
  EXPECT_SUCCESS(vm_allocate(mach_task_self(), &at, 0, TRUE));
  EXPECT(!is_allocated(at));
}

CONFORMS(vm_allocate, KERN_INVALID_ADDRESS, "a fixed place outside of the user's address space") {
  static const struct {
    vm_address_t address;
    vm_size_t size;
  } cases[] = {{USER_END, PAGE},        {USER_END - PAGE, 2 * PAGE}, {USER_END - PAGE, PAGE + 1},
               {0xFFFFF000, PAGE},      {0xFFFFF000, 2 * PAGE},      {PAGE, 0xFFFFFFFF},
               {USER_END - 1, 2},       {0xFFFFFFFF, 1},             {0x10000, 0xFFFF0000}};
  unsigned i;
  for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    vm_address_t at = cases[i].address;
    EXPECT_EQUAL(vm_allocate(mach_task_self(), &at, cases[i].size, FALSE), KERN_INVALID_ADDRESS);
  }
}

CONFORMS(vm_allocate, KERN_NO_SPACE, "a fixed place that is in use, if only in part") {
  const vm_address_t at = lone_pages(3);
  vm_address_t there = at;
  EXPECT_EQUAL(vm_allocate(mach_task_self(), &there, PAGE, FALSE), KERN_NO_SPACE);
  there = at - PAGE;
  EXPECT_EQUAL(vm_allocate(mach_task_self(), &there, 2 * PAGE, FALSE), KERN_NO_SPACE);
  there = at - PAGE;
  EXPECT_EQUAL(vm_allocate(mach_task_self(), &there, PAGE + 1, FALSE), KERN_NO_SPACE);
  there = at + 2 * PAGE;
  EXPECT_EQUAL(vm_allocate(mach_task_self(), &there, 2 * PAGE, FALSE), KERN_NO_SPACE);
  there = at - PAGE;
  EXPECT_EQUAL(vm_allocate(mach_task_self(), &there, 5 * PAGE, FALSE), KERN_NO_SPACE);
  EXPECT(!is_allocated(at - PAGE) && !is_allocated(at + 3 * PAGE));
}

CONFORMS(vm_allocate, KERN_NO_SPACE, "nowhere is there enough room") {
  mach_port_t task;
  vm_address_t at = 0;
  vm_address_t hole;
  EXPECT_EQUAL(vm_allocate(mach_task_self(), &at, USER_END, TRUE), KERN_NO_SPACE);
  EXPECT_EQUAL(vm_allocate(mach_task_self(), &at, 0xFFFFFFFF, TRUE), KERN_NO_SPACE);
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  fill_task(task);
  EXPECT_EQUAL(vm_allocate(task, &at, 1, TRUE), KERN_NO_SPACE);
  /* A hole of one page is found, and used for no more than a page. */
  REQUIRE_SUCCESS(vm_deallocate(task, 0x40000000, PAGE));
  EXPECT_EQUAL(vm_allocate(task, &at, PAGE + 1, TRUE), KERN_NO_SPACE);
  EXPECT_SUCCESS(vm_allocate(task, &hole, PAGE, TRUE));
  EXPECT_EQUAL(hole, 0x40000000);
}
