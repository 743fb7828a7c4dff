#include "tests/conformance/vm/memory.h"

static const vm_prot_t kReadWrite = VM_PROT_READ | VM_PROT_WRITE;

kern_return_t vm_map_rpc(mach_port_t task, vm_address_t *address, vm_size_t size,
                         vm_address_t mask, boolean_t anywhere, mach_port_t object,
                         vm_offset_t offset, boolean_t copy, vm_prot_t protection,
                         vm_prot_t maximum, vm_inherit_t inheritance);

/* Anonymous memory. */
static kern_return_t map_memory(vm_address_t *at, vm_size_t size, vm_address_t mask,
                                boolean_t anywhere) {
  return vm_map(mach_task_self(), at, size, mask, anywhere, MACH_PORT_NULL, 0, FALSE,
                VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_COPY);
}

static vm_address_t map_object(const struct manager *manager, unsigned pages, vm_offset_t offset,
                               boolean_t copy) {
  vm_address_t at = 0;
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, pages * PAGE, 0, TRUE, manager->object, offset,
                         copy, kReadWrite, VM_PROT_ALL, VM_INHERIT_SHARE));
  return at;
}

CONFORMS(vm_map, "an access to the memory starts at the offset in the object") {
  static struct manager manager = {.contents = 100};
  vm_address_t at;
  start_manager(&manager);
  at = map_object(&manager, 10, 5 * PAGE, FALSE);
  EXPECT_EQUAL(WORD_AT(at + 3 * PAGE), 108);
  EXPECT_EQUAL(manager.inits, 1);
  EXPECT_EQUAL(manager.last_offset / PAGE, 8);
  EXPECT_EQUAL(misnumbered_pages(at, 10, 105), 0);
  EXPECT_EQUAL(manager.requests, 10);
}

CONFORMS(vm_map, "large offsets, up to the end of what offsets can say") {
  static struct manager manager = {.contents = 100};
  vm_address_t at;
  start_manager(&manager);
  at = map_object(&manager, 2, 0xFFFFD000, FALSE);
  EXPECT_EQUAL(WORD_AT(at + PAGE), 100 + 0xFFFFE);
  EXPECT_EQUAL(manager.last_offset, 0xFFFFE000);
}

static void change_object(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  EXPECT_EQUAL(misnumbered_pages(at, 4, 100), 0);
  number_pages(at, 4, 900);
}

CONFORMS(vm_map, "an object mapped more than once, also by other tasks: one memory") {
  static struct manager manager = {.contents = 100};
  vm_address_t one, two;
  mach_port_t task;
  vm_address_t there = 0x30000000;
  vm_offset_t data;
  mach_msg_type_number_t size;
  start_manager(&manager);
  one = map_object(&manager, 4, 0, FALSE);
  two = map_object(&manager, 3, PAGE, FALSE);
  in_child(change_object, (void *)one);
  EXPECT_EQUAL(misnumbered_pages(one, 4, 900), 0);
  EXPECT_EQUAL(misnumbered_pages(two, 3, 901), 0);
  EXPECT_EQUAL(manager.inits, 1);
  /* By a task that is not related. */
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  REQUIRE_SUCCESS(vm_map(task, &there, 2 * PAGE, 0, FALSE, manager.object, 2 * PAGE, FALSE,
                         kReadWrite, kReadWrite, VM_INHERIT_NONE));
  REQUIRE_SUCCESS(vm_read(task, there, 2 * PAGE, &data, &size));
  EXPECT_EQUAL(misnumbered_pages(data, 2, 902), 0);
  number_pages(data, 2, 50);
  EXPECT_SUCCESS(vm_write(task, there, data, 2 * PAGE));
  EXPECT_EQUAL(misnumbered_pages(one + 2 * PAGE, 2, 50), 0);
  EXPECT_EQUAL(manager.inits, 1);
}

static void check_copy(memory_object_copy_strategy_t strategy) {
  static struct manager manager;
  vm_address_t object, copy;
  manager = (struct manager){.contents = 100, .strategy = strategy};
  start_manager(&manager);
  object = map_object(&manager, 6, 0, FALSE);
  EXPECT_EQUAL(misnumbered_pages(object, 3, 100), 0);
  copy = map_object(&manager, 4, PAGE, TRUE);
  number_pages(copy, 2, 500);
  EXPECT_EQUAL(misnumbered_pages(object, 6, 100), 0);
  EXPECT_EQUAL(misnumbered_pages(copy + 2 * PAGE, 2, 103), 0);
  EXPECT_EQUAL(misnumbered_pages(copy, 2, 500), 0);
  number_pages(object, 6, 700);
  EXPECT_EQUAL(misnumbered_pages(copy, 2, 500), 0);
  EXPECT_EQUAL(misnumbered_pages(copy + 2 * PAGE, 2, 103), 0);
}

CONFORMS(vm_map, "copy: what is written there is not in the object (strategy delay)") {
  check_copy(MEMORY_OBJECT_COPY_DELAY);
}

CONFORMS(vm_map, "copy: what is written there is not in the object (strategy none)") {
  check_copy(MEMORY_OBJECT_COPY_NONE);
}

CONFORMS(vm_map, "mask: its bits are clear in the starting address") {
  static const vm_address_t masks[] = {0,       0xFFF,   0x1FFF,   0xFFFF,  0x3FFFFF,
                                       0xFFFFFF, 0x2000, 0x5000,   0x101000, 0x80000000};
  unsigned i;
  for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
    vm_address_t at = 0;
    EXPECT_SUCCESS(map_memory(&at, 3 * PAGE, masks[i], TRUE));
    EXPECT_EQUAL(at & masks[i], 0);
    EXPECT_EQUAL(nonzero_bytes(at, 3 * PAGE), 0);
    at += PAGE;
    EXPECT_SUCCESS(map_memory(&at, PAGE, masks[i], TRUE));
    EXPECT_EQUAL(at & masks[i], 0);
  }
}

CONFORMS(vm_map, "mask and address: the first place from the address on that both allow") {
  static const struct {
    vm_address_t from, mask, result;
  } cases[] = {{0x40000000, 0, 0x40000000},        {0x40000001, 0, 0x40001000},
               {0x40001000, 0xFFFF, 0x40010000},   {0x40001000, 0x2000, 0x40001000},
               {0x40003000, 0x2000, 0x40004000},   {0x40006000, 0x5000, 0x40008000},
               {0x40005000, 0x5000, 0x40008000},   {0x40001000, 0x101000, 0x40002000},
               {0x40100000, 0x100FFF, 0x40200000}, {0x40001000, 0x1000000, 0x40001000}};
  mach_port_t task;
  unsigned i;
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    vm_address_t at = cases[i].from;
    EXPECT_SUCCESS(vm_map(task, &at, PAGE, cases[i].mask, TRUE, MACH_PORT_NULL, 0, FALSE,
                          kReadWrite, VM_PROT_ALL, VM_INHERIT_NONE));
    EXPECT_EQUAL(at, cases[i].result);
    EXPECT_SUCCESS(vm_deallocate(task, at, PAGE));
  }
}

CONFORMS(vm_map, "anywhere: at or following the address") {
  const vm_address_t room = lone_pages(20);
  vm_address_t at = room + 3 * PAGE;
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), room, 20 * PAGE));
  EXPECT_SUCCESS(map_memory(&at, 2 * PAGE, 0, TRUE));
  EXPECT_EQUAL(at, room + 3 * PAGE);
  at = room + 2 * PAGE;
  EXPECT_SUCCESS(map_memory(&at, 2 * PAGE, 0, TRUE));
  EXPECT_EQUAL(at, room + 5 * PAGE);
  at = room + 2 * PAGE;
  EXPECT_SUCCESS(map_memory(&at, PAGE, 0, TRUE));
  EXPECT_EQUAL(at, room + 2 * PAGE);
  at = room + 3 * PAGE + 1; /* occupied and not on a page */
  EXPECT_SUCCESS(map_memory(&at, PAGE, 0, TRUE));
  EXPECT_EQUAL(at, room + 7 * PAGE);
}

CONFORMS(vm_map, "an address within a page is rounded up, a size too") {
  const vm_address_t room = lone_pages(8);
  vm_address_t at = room + 1;
  struct region region;
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), room, 8 * PAGE));
  EXPECT_SUCCESS(map_memory(&at, 1, 0, FALSE));
  EXPECT_EQUAL(at, room + PAGE);
  REQUIRE_SUCCESS(region_at(mach_task_self(), at, &region));
  EXPECT_EQUAL(region.address, at);
  EXPECT_EQUAL(region.size, PAGE);
  at = room + 3 * PAGE - 1;
  EXPECT_SUCCESS(map_memory(&at, PAGE + 1, 0, FALSE));
  EXPECT_EQUAL(at, room + 3 * PAGE);
  EXPECT(is_allocated(room + 4 * PAGE) && !is_allocated(room + 5 * PAGE));
}

CONFORMS(vm_map, "no memory object: zero-filled memory, by trap and by message") {
  vm_address_t at = 0;
  vm_address_t other = 0;
  EXPECT_SUCCESS(map_memory(&at, 3 * PAGE, 0, TRUE));
  EXPECT_EQUAL(nonzero_bytes(at, 3 * PAGE), 0);
  number_pages(at, 3, 7);
  EXPECT_SUCCESS(vm_map_rpc(mach_task_self(), &other, 3 * PAGE, 0, TRUE, MACH_PORT_NULL, 0, FALSE,
                            kReadWrite, VM_PROT_ALL, VM_INHERIT_COPY));
  EXPECT_EQUAL(nonzero_bytes(other, 3 * PAGE), 0);
  EXPECT_EQUAL(misnumbered_pages(at, 3, 7), 0);
}

static void inherited(void *argument) {
  const vm_address_t *at = argument;
  EXPECT_EQUAL(misnumbered_pages(at[0], 1, 5), 0);
  EXPECT_EQUAL(misnumbered_pages(at[1], 1, 6), 0);
  EXPECT(!is_allocated(at[2]));
  WORD_AT(at[0]) = 55;
  WORD_AT(at[1]) = 66;
}

CONFORMS(vm_map, "protection, maximum and inheritance are those asked for") {
  static const vm_inherit_t kinds[] = {VM_INHERIT_SHARE, VM_INHERIT_COPY, VM_INHERIT_NONE};
  vm_address_t *at = shared_memory(PAGE);
  struct region region;
  unsigned i;
  for (i = 0; i < 3; i++) {
    at[i] = 0;
    REQUIRE_SUCCESS(vm_map(mach_task_self(), &at[i], PAGE, 0, TRUE, MACH_PORT_NULL, 0, FALSE,
                           kReadWrite, kReadWrite, kinds[i]));
    REQUIRE_SUCCESS(region_at(mach_task_self(), at[i], &region));
    EXPECT_EQUAL(region.protection, kReadWrite);
    EXPECT_EQUAL(region.max_protection, kReadWrite);
    EXPECT_EQUAL(region.inheritance, kinds[i]);
    WORD_AT(at[i]) = 5 + i;
  }
  in_child(inherited, at);
  EXPECT_EQUAL(WORD_AT(at[0]), 55);
  EXPECT_EQUAL(WORD_AT(at[1]), 6);
}

CONFORMS(vm_map, "a server maps an object into its client for reading only") {
  static struct manager manager = {.contents = 10};
  mach_port_t client;
  vm_address_t at = 0x50000000;
  vm_offset_t data;
  mach_msg_type_number_t size;
  start_manager(&manager);
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &client));
  REQUIRE_SUCCESS(vm_map(client, &at, PAGE, 0, FALSE, manager.object, 0, FALSE, VM_PROT_READ,
                         VM_PROT_READ, VM_INHERIT_NONE));
  REQUIRE_SUCCESS(vm_read(client, at, PAGE, &data, &size));
  EXPECT_EQUAL(WORD_AT(data), 10);
  EXPECT_EQUAL(vm_write(client, at, data, PAGE), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(vm_protect(client, at, PAGE, FALSE, kReadWrite), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(vm_protect(client, at, PAGE, TRUE, kReadWrite), KERN_PROTECTION_FAILURE);
}

CONFORMS(vm_map, "a current protection of none can be raised to the maximum later") {
  static struct manager manager = {.contents = 10};
  vm_address_t at = 0;
  start_manager(&manager);
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_NONE, VM_PROT_READ, VM_INHERIT_NONE));
  EXPECT_EQUAL(try_read(at), KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(manager.requests, 0);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at, PAGE, FALSE, VM_PROT_READ));
  EXPECT_SUCCESS(try_read(at));
  EXPECT_EQUAL(try_write(at), KERN_PROTECTION_FAILURE);
}

CONFORMS(vm_map, "a port that is no memory object: its memory cannot be had, and that is all") {
  const mach_port_t port = make_port();
  vm_address_t at = 0;
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, PAGE, 0, TRUE, port, 0, FALSE, VM_PROT_READ,
                         VM_PROT_READ, VM_INHERIT_NONE));
  /* The book: hung, or a memory exception. The death of the port ends the wait. */
  (void)mach_port_destroy(mach_task_self(), port);
  EXPECT_EQUAL(try_read(at), KERN_MEMORY_FAILURE);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, PAGE));
}

CONFORMS(vm_map, KERN_SUCCESS, "at a fixed place") {
  static struct manager manager = {.contents = 30};
  vm_address_t at = lone_pages(2);
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), at, 2 * PAGE));
  start_manager(&manager);
  EXPECT_SUCCESS(vm_map(mach_task_self(), &at, 2 * PAGE, 0, FALSE, manager.object, PAGE, FALSE,
                        VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE));
  EXPECT_EQUAL(misnumbered_pages(at, 2, 31), 0);
}

CONFORMS(vm_map, KERN_NO_SPACE, "the place is in use, does not fit the mask, or there is none") {
  const vm_address_t used = lone_pages(2);
  vm_address_t at = used;
  mach_port_t task;
  EXPECT_EQUAL(map_memory(&at, PAGE, 0, FALSE), KERN_NO_SPACE);
  at = used - PAGE;
  EXPECT_EQUAL(map_memory(&at, 2 * PAGE, 0, FALSE), KERN_NO_SPACE);
  at = 0;
  EXPECT_EQUAL(map_memory(&at, USER_END, 0, TRUE), KERN_NO_SPACE);
  at = 0;
  EXPECT_EQUAL(map_memory(&at, 0xFFFFFFFF, 0, TRUE), KERN_NO_SPACE);
  at = USER_END - PAGE;
  EXPECT_EQUAL(map_memory(&at, 2 * PAGE, 0, TRUE), KERN_NO_SPACE);
  at = 0xFFFFFFFF;
  EXPECT_EQUAL(map_memory(&at, PAGE, 0, TRUE), KERN_NO_SPACE);
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  fill_task(task);
  at = 0;
  EXPECT_EQUAL(vm_map(task, &at, PAGE, 0, TRUE, MACH_PORT_NULL, 0, FALSE, kReadWrite, VM_PROT_ALL,
                      VM_INHERIT_COPY),
               KERN_NO_SPACE);
  REQUIRE_SUCCESS(vm_deallocate(task, 0x40001000, PAGE));
  at = 0;
  EXPECT_EQUAL(vm_map(task, &at, PAGE, 0x1FFF, TRUE, MACH_PORT_NULL, 0, FALSE, kReadWrite,
                      VM_PROT_ALL, VM_INHERIT_COPY),
               KERN_NO_SPACE);
  at = 0x40002000;
  EXPECT_EQUAL(vm_map(task, &at, PAGE, 0, TRUE, MACH_PORT_NULL, 0, FALSE, kReadWrite, VM_PROT_ALL,
                      VM_INHERIT_COPY),
               KERN_NO_SPACE);
  at = 0;
  EXPECT_SUCCESS(vm_map(task, &at, PAGE, 0x2FFF, TRUE, MACH_PORT_NULL, 0, FALSE, kReadWrite,
                        VM_PROT_ALL, VM_INHERIT_COPY));
  EXPECT_EQUAL(at, 0x40001000);
}

static kern_return_t map_with(mach_port_t object, vm_offset_t offset, vm_prot_t protection,
                              vm_prot_t maximum, vm_inherit_t inheritance) {
  vm_address_t at = 0;
  return vm_map(mach_task_self(), &at, PAGE, 0, TRUE, object, offset, FALSE, protection, maximum,
                inheritance);
}

CONFORMS(vm_map, KERN_INVALID_ARGUMENT, "values no mapping can have") {
  static struct manager manager = {.contents = 1};
  vm_address_t at = 0;
  unsigned copy;
  start_manager(&manager);
  EXPECT_EQUAL(map_memory(&at, 0, 0, TRUE), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(map_with(MACH_PORT_NULL, 0, VM_PROT_READ, VM_PROT_READ, 3), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(map_with(MACH_PORT_NULL, 0, 0xFF, 0xFF, 0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(map_with(MACH_PORT_NULL, 0, kReadWrite, VM_PROT_READ, 0), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(map_with(manager.object, 100, VM_PROT_READ, VM_PROT_READ, 0),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(map_with(manager.object, 0xFFFFF000, VM_PROT_READ, VM_PROT_READ, 0),
               KERN_INVALID_ARGUMENT);
  /* Not past the end of all offsets. */
  for (copy = 0; copy < 2; copy++)
    EXPECT_EQUAL(vm_map(mach_task_self(), &at, 0x100000, 0, TRUE, manager.object, 0xFFF80000,
                        copy != 0, VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE),
                 KERN_INVALID_ARGUMENT);
  /* Ports of the kernel are no memory objects. */
  EXPECT_EQUAL(map_with(mach_task_self(), 0, VM_PROT_READ, VM_PROT_READ, 0),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(map_with(mach_host_self(), 0, VM_PROT_READ, VM_PROT_READ, 0),
               KERN_INVALID_ARGUMENT);
}
