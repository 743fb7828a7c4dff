#include "tests/conformance/vm/memory.h"

#define READ VM_PROT_READ
#define WRITE VM_PROT_WRITE
#define EXECUTE VM_PROT_EXECUTE

static kern_return_t protect(vm_address_t at, vm_prot_t protection) {
  return vm_protect(mach_task_self(), at, PAGE, FALSE, protection);
}
static kern_return_t protect_maximum(vm_address_t at, vm_prot_t protection) {
  return vm_protect(mach_task_self(), at, PAGE, TRUE, protection);
}
static struct region region_of(vm_address_t at) {
  struct region region;
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT(region.address <= at);
  return region;
}

CONFORMS(vm_protect, "the accesses allowed are those given, whether the page is there or not") {
  unsigned touched;
  for (touched = 0; touched < 2; touched++) {
    const vm_address_t at = lone_pages(1);
    if (touched) *(unsigned char *)at = 0xC3;
    EXPECT_SUCCESS(protect(at, READ));
    EXPECT_SUCCESS(try_read(at));
    EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE);
    EXPECT_SUCCESS(protect(at, VM_PROT_NONE));
    EXPECT_EQUAL(try_read(at), KERN_PROTECTION_FAILURE);
    EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE);
    EXPECT_EQUAL(try_call(at), KERN_PROTECTION_FAILURE);
    EXPECT_SUCCESS(protect(at, READ | WRITE));
    EXPECT_EQUAL(*(unsigned char *)at, touched ? 0xC3 : 0);
    EXPECT_SUCCESS(try_write(at));
    EXPECT_SUCCESS(protect(at, READ | EXECUTE));
    EXPECT_SUCCESS(try_call(at));
    EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE);
  }
}

CONFORMS(vm_protect, "from the page of address to the page of address + size - 1") {
  static const struct {
    unsigned offset, size, first, pages;
  } cases[] = {{0, 1, 0, 1},         {2 * PAGE, PAGE, 2, 1},      {PAGE + 1, PAGE, 1, 2},
               {2 * PAGE - 1, 2, 1, 2}, {PAGE - 1, PAGE + 2, 0, 3}, {0, 6 * PAGE, 0, 6}};
  unsigned i;
  for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    const vm_address_t at = lone_pages(6);
    unsigned page;
    number_pages(at, 6, 1);
    EXPECT_SUCCESS(vm_protect(mach_task_self(), at + cases[i].offset, cases[i].size, FALSE, READ));
    for (page = 0; page < 6; page++) {
      const int changed = page >= cases[i].first && page < cases[i].first + cases[i].pages;
      EXPECT_EQUAL(region_of(at + page * PAGE).protection, changed ? READ : READ | WRITE);
      EXPECT_EQUAL(try_write(at + page * PAGE + 100), changed ? KERN_PROTECTION_FAILURE : 0);
    }
  }
}

CONFORMS(vm_protect, "set_maximum lowers the maximum, and the current protection to it") {
  const vm_address_t at = lone_pages(3);
  EXPECT_SUCCESS(protect_maximum(at, READ | EXECUTE));
  EXPECT_EQUAL(region_of(at).protection, READ);
  EXPECT_EQUAL(region_of(at).max_protection, READ | EXECUTE);
  EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE);
  EXPECT_SUCCESS(try_read(at));
  /* A maximum above the current protection leaves that alone. */
  EXPECT_SUCCESS(protect(at + PAGE, READ));
  EXPECT_SUCCESS(protect_maximum(at + PAGE, READ | WRITE));
  EXPECT_EQUAL(region_of(at + PAGE).protection, READ);
  EXPECT_SUCCESS(protect(at + PAGE, READ | WRITE));
  EXPECT_SUCCESS(try_write(at + PAGE));
  EXPECT_SUCCESS(protect_maximum(at + 2 * PAGE, VM_PROT_NONE));
  EXPECT_EQUAL(region_of(at + 2 * PAGE).protection, VM_PROT_NONE);
  EXPECT_EQUAL(try_read(at + 2 * PAGE), KERN_PROTECTION_FAILURE);
}

static void write_shared(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE); /* inherited */
  EXPECT_SUCCESS(protect(at, READ | WRITE));
  WORD_AT(at) = 77;
}

CONFORMS(vm_protect, "protection belongs to the task, also of shared memory") {
  const vm_address_t at = (vm_address_t)shared_memory(PAGE);
  WORD_AT(at) = 7;
  EXPECT_SUCCESS(protect(at, READ));
  in_child(write_shared, (void *)at);
  EXPECT_EQUAL(WORD_AT(at), 77);
  EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE);
}

CONFORMS(vm_protect, "memory of another task") {
  mach_port_t task;
  struct region region;
  const vm_address_t at = lone_pages(1);
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  EXPECT_SUCCESS(vm_protect(task, at, PAGE, FALSE, READ));
  REQUIRE_SUCCESS(region_at(task, at, &region));
  EXPECT_EQUAL(region.protection, READ);
  EXPECT_SUCCESS(try_write(at));
}

CONFORMS(vm_protect, "writing may want reading: no set of rights gives more than was asked for") {
  const vm_address_t at = lone_pages(1);
  EXPECT_SUCCESS(protect(at, EXECUTE));
  EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE);
  EXPECT_SUCCESS(protect(at, READ));
  EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE);
  EXPECT_SUCCESS(protect(at, READ | WRITE | EXECUTE));
  EXPECT_SUCCESS(try_write(at));
  EXPECT_SUCCESS(try_call(at));
}

CONFORMS(vm_protect, "a copy is protected by itself, and stays a copy when it may be written") {
  const vm_address_t at = new_pages(4);
  vm_offset_t copy;
  mach_msg_type_number_t size;
  number_pages(at, 4, 30);
  REQUIRE_SUCCESS(vm_read(mach_task_self(), at, 4 * PAGE, &copy, &size));
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at, 4 * PAGE, FALSE, READ));
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at, 4 * PAGE, FALSE, READ | WRITE));
  number_pages(at, 4, 90);
  EXPECT_EQUAL(misnumbered_pages(copy, 4, 30), 0);
  number_pages(copy, 4, 50);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 90), 0);
}

CONFORMS(vm_protect, KERN_SUCCESS, "over several regions; the same protection again") {
  const vm_address_t at = lone_pages(4);
  EXPECT_SUCCESS(protect(at + PAGE, READ));
  EXPECT_SUCCESS(protect(at + PAGE, READ));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at + 2 * PAGE, PAGE, VM_INHERIT_NONE));
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at, 4 * PAGE, FALSE, READ | EXECUTE));
  EXPECT_EQUAL(region_of(at).protection, READ | EXECUTE);
  EXPECT_EQUAL(region_of(at + 3 * PAGE).protection, READ | EXECUTE);
}

CONFORMS(vm_protect, KERN_PROTECTION_FAILURE, "the new protection is beyond the maximum") {
  const vm_address_t at = lone_pages(3);
  EXPECT_SUCCESS(protect_maximum(at + PAGE, READ));
  EXPECT_EQUAL(protect(at + PAGE, READ | WRITE), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(protect(at + PAGE, EXECUTE), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(protect_maximum(at + PAGE, READ | WRITE), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(protect_maximum(at + PAGE, VM_PROT_ALL), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(region_of(at + PAGE).max_protection, READ);
  /* One of three pages: none is changed. */
  EXPECT_EQUAL(vm_protect(mach_task_self(), at, 3 * PAGE, FALSE, VM_PROT_ALL),
               KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(region_of(at).protection, READ | WRITE);
  EXPECT_SUCCESS(try_write(at));
}

CONFORMS(vm_protect, KERN_INVALID_ADDRESS, "no such address, not allocated, or not all of it") {
  const vm_address_t at = lone_pages(2);
  EXPECT_EQUAL(protect(at - PAGE, READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(protect(at + 2 * PAGE, READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_protect(mach_task_self(), at, 2 * PAGE + 1, FALSE, READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(region_of(at).protection, READ | WRITE);
  EXPECT_EQUAL(protect(USER_END, READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(protect(0xFFFFF000, READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_protect(mach_task_self(), at, 0xFFFFFFFF, FALSE, READ), KERN_INVALID_ADDRESS);
}
