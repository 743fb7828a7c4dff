#include "tests/conformance/vm/memory.h"

static kern_return_t wire(vm_address_t at, vm_size_t size, vm_prot_t access) {
  return vm_wire(host_control, mach_task_self(), at, size, access);
}
static int wired(void) { return statistics_now().wire_count; }

CONFORMS(vm_wire, "wired memory is there, without a fault, and counts as wired") {
  const vm_address_t at = lone_pages(30);
  const int before = wired();
  vm_statistics_data_t now;
  unsigned i;
  number_pages(at, 10, 3); /* some of it is resident before */
  EXPECT_SUCCESS(wire(at, 30 * PAGE, VM_PROT_READ | VM_PROT_WRITE));
  EXPECT_EQUAL(wired() - before, 30);
  EXPECT_EQUAL(misnumbered_pages(at, 10, 3), 0);
  now = statistics_now();
  for (i = 0; i < 30; i++) WORD_AT(at + i * PAGE) = 3 + i;
  EXPECT((unsigned)(statistics_now().faults - now.faults) <= 2);
  EXPECT_EQUAL(misnumbered_pages(at, 30, 3), 0);
  EXPECT_SUCCESS(wire(at, 30 * PAGE, VM_PROT_NONE));
  EXPECT_EQUAL(wired(), before);
  EXPECT_EQUAL(misnumbered_pages(at, 30, 3), 0);
}

CONFORMS(vm_wire, "the pages that address and size touch, and no other") {
  const vm_address_t at = lone_pages(8);
  const int before = wired();
  EXPECT_SUCCESS(wire(at + PAGE - 1, 2, VM_PROT_READ));
  EXPECT_EQUAL(wired() - before, 2);
  EXPECT_SUCCESS(wire(at + 4 * PAGE + 100, 1, VM_PROT_READ));
  EXPECT_EQUAL(wired() - before, 3);
  EXPECT_SUCCESS(wire(at + 1, PAGE - 1, VM_PROT_NONE));
  EXPECT_EQUAL(wired() - before, 2);
  EXPECT_SUCCESS(wire(at, 8 * PAGE, VM_PROT_NONE));
  EXPECT_EQUAL(wired(), before);
}

CONFORMS(vm_wire, "wired twice, to be unwired twice") {
  const vm_address_t at = lone_pages(6);
  const int before = wired();
  EXPECT_SUCCESS(wire(at, 4 * PAGE, VM_PROT_READ));
  EXPECT_SUCCESS(wire(at + 2 * PAGE, 4 * PAGE, VM_PROT_READ));
  EXPECT_EQUAL(wired() - before, 6);
  EXPECT_SUCCESS(wire(at, 6 * PAGE, VM_PROT_NONE));
  EXPECT_EQUAL(wired() - before, 2);
  EXPECT_SUCCESS(wire(at + 2 * PAGE, 2 * PAGE, VM_PROT_NONE));
  EXPECT_EQUAL(wired(), before);
}

CONFORMS(vm_wire, "memory that is a copy gets pages of its own, and the original stays") {
  const vm_address_t at = lone_pages(4);
  vm_offset_t copy;
  mach_msg_type_number_t size;
  number_pages(at, 4, 10);
  REQUIRE_SUCCESS(vm_read(mach_task_self(), at, 4 * PAGE, &copy, &size));
  EXPECT_SUCCESS(wire(copy, 4 * PAGE, VM_PROT_READ | VM_PROT_WRITE));
  number_pages(copy, 4, 50);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 10), 0);
  number_pages(at, 4, 90);
  EXPECT_EQUAL(misnumbered_pages(copy, 4, 50), 0);
}

static void child_of_wired(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  EXPECT_EQUAL(misnumbered_pages(at, 4, 10), 0);
  number_pages(at, 4, 20);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 4 * PAGE));
}

CONFORMS(vm_wire, "a child's copy of wired memory is not wired; the wired pages stay") {
  const vm_address_t at = lone_pages(4);
  const int before = wired();
  number_pages(at, 4, 10);
  EXPECT_SUCCESS(wire(at, 4 * PAGE, VM_PROT_READ));
  in_child(child_of_wired, (void *)at);
  EXPECT_EQUAL(wired() - before, 4);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 10), 0);
}

CONFORMS(vm_wire, "the pages of a memory object are fetched, and stay although they may go") {
  static struct manager manager = {.contents = 40};
  vm_address_t at = 0;
  const int before = wired();
  start_manager(&manager);
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, 5 * PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE));
  EXPECT_SUCCESS(wire(at, 5 * PAGE, VM_PROT_READ));
  EXPECT_EQUAL(manager.requests, 5);
  EXPECT_EQUAL(wired() - before, 5);
  EXPECT_EQUAL(misnumbered_pages(at, 5, 40), 0);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 5 * PAGE));
  EXPECT_EQUAL(wired(), before);
}

CONFORMS(vm_wire, "another task, which ends with wired memory") {
  mach_port_t task;
  const vm_address_t at = lone_pages(4);
  const int before = wired();
  number_pages(at, 4, 10);
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  EXPECT_SUCCESS(vm_wire(host_control, task, at, 4 * PAGE, VM_PROT_READ | VM_PROT_WRITE));
  EXPECT_EQUAL(wired() - before, 4);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 10), 0);
  EXPECT_SUCCESS(task_terminate(task));
  EXPECT_EQUAL(wired(), before);
}

CONFORMS(vm_wire, "protection of wired memory can change, and its pages stay wired") {
  const vm_address_t at = lone_pages(3);
  const int before = wired();
  number_pages(at, 3, 10);
  EXPECT_SUCCESS(wire(at, 3 * PAGE, VM_PROT_READ));
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at, 3 * PAGE, FALSE, VM_PROT_NONE));
  EXPECT_EQUAL(try_read(at), KERN_PROTECTION_FAILURE);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at, 3 * PAGE, FALSE, VM_PROT_DEFAULT));
  EXPECT_EQUAL(misnumbered_pages(at, 3, 10), 0);
  EXPECT_EQUAL(wired() - before, 3);
}

CONFORMS(vm_wire, KERN_SUCCESS, "over several regions; of nothing; unwiring what is not wired") {
  const vm_address_t at = lone_pages(4);
  const int before = wired();
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at + PAGE, PAGE, VM_INHERIT_NONE));
  EXPECT_SUCCESS(wire(at, 4 * PAGE, VM_PROT_READ));
  EXPECT_EQUAL(wired() - before, 4);
  EXPECT_SUCCESS(wire(at, 4 * PAGE, VM_PROT_NONE));
  EXPECT_SUCCESS(wire(at, 4 * PAGE, VM_PROT_NONE));
  EXPECT_SUCCESS(wire(at, 0, VM_PROT_READ));
  EXPECT_EQUAL(wired(), before);
}

CONFORMS(vm_wire, KERN_INVALID_HOST, "not the host control port") {
  const vm_address_t at = lone_pages(1);
  const int before = wired();
  EXPECT_EQUAL(vm_wire(mach_host_self(), mach_task_self(), at, PAGE, VM_PROT_READ),
               KERN_INVALID_HOST);
  EXPECT_EQUAL(vm_wire(mach_host_self(), mach_task_self(), at, PAGE, VM_PROT_NONE),
               KERN_INVALID_HOST);
  EXPECT_EQUAL(wired(), before);
}

CONFORMS(vm_wire, KERN_INVALID_ADDRESS, "not allocated, or not all of it; nothing is wired then") {
  const vm_address_t at = lone_pages(2);
  const int before = wired();
  EXPECT_EQUAL(wire(at - PAGE, PAGE, VM_PROT_READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(wire(at, 3 * PAGE, VM_PROT_READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(wire(at - 1, PAGE, VM_PROT_READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(wire(at, 3 * PAGE, VM_PROT_NONE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(wire(USER_END, PAGE, VM_PROT_READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(wire(at, 0xFFFFF000, VM_PROT_READ), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(wired(), before);
  /* The task must have the access it asks for. */
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at, PAGE, FALSE, VM_PROT_READ));
  EXPECT_EQUAL(wire(at, 2 * PAGE, VM_PROT_WRITE), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(wired(), before);
}

CONFORMS(vm_wire, KERN_INVALID_VALUE, "an access that is none") {
  const vm_address_t at = lone_pages(1);
  EXPECT_EQUAL(wire(at, PAGE, 8), KERN_INVALID_VALUE);
  EXPECT_EQUAL(wire(at, PAGE, VM_PROT_READ | 0x100), KERN_INVALID_VALUE);
  EXPECT_EQUAL(wire(at, PAGE, -1), KERN_INVALID_VALUE);
}
