#include "tests/conformance/vm/memory.h"

kern_return_t vm_deallocate_rpc(mach_port_t task, vm_address_t address, vm_size_t size);

CONFORMS(vm_deallocate, "from the page of address to the page of address + size - 1") {
  static const struct {
    unsigned offset, size, first, pages;
  } cases[] = {{0, 1, 0, 1},          {PAGE, PAGE, 1, 1},        {PAGE + 1, PAGE, 1, 2},
               {2 * PAGE - 1, 2, 1, 2}, {10, PAGE - 10, 0, 1},   {PAGE - 1, PAGE + 2, 0, 3},
               {0, 6 * PAGE, 0, 6},   {5 * PAGE + 4095, 1, 5, 1}};
  unsigned i;
  for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    const vm_address_t at = lone_pages(6);
    unsigned page;
    number_pages(at, 6, 10);
    EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at + cases[i].offset, cases[i].size));
    for (page = 0; page < 6; page++) {
      const int freed = page >= cases[i].first && page < cases[i].first + cases[i].pages;
      EXPECT_EQUAL(is_allocated(at + page * PAGE), !freed);
      if (!freed) EXPECT_EQUAL(WORD_AT(at + page * PAGE), 10 + page);
    }
  }
}

CONFORMS(vm_deallocate, "what is gone cannot be touched, and gives its pages back") {
  const vm_address_t at = lone_pages(200);
  vm_statistics_data_t before;
  number_pages(at, 200, 1);
  before = statistics_now();
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 200 * PAGE));
  EXPECT(statistics_now().free_count - before.free_count >= 200);
  EXPECT_EQUAL(try_read(at), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(try_write(at + 199 * PAGE), KERN_INVALID_ADDRESS);
}

CONFORMS(vm_deallocate, "a hole in the middle of a large region, and another from it to the end") {
  const vm_address_t at = lone_pages(1000);
  number_pages(at, 1000, 7);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at + 300 * PAGE, 100 * PAGE));
  EXPECT_EQUAL(misnumbered_pages(at, 300, 7), 0);
  EXPECT_EQUAL(misnumbered_pages(at + 400 * PAGE, 600, 407), 0);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at + 350 * PAGE, 650 * PAGE));
  EXPECT_EQUAL(misnumbered_pages(at, 300, 7), 0);
  EXPECT(!is_allocated(at + 300 * PAGE) && !is_allocated(at + 999 * PAGE));
}

CONFORMS(vm_deallocate, "memory that came out of line in a message") {
  struct {
    mach_msg_header_t head;
    mach_msg_type_t type;
    vm_address_t data;
    char room[32];
  } message;
  const mach_port_t port = make_port();
  const vm_address_t from = new_pages(3);
  number_pages(from, 3, 60);
  message.head.msgh_bits = MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0);
  message.head.msgh_remote_port = port;
  message.head.msgh_local_port = MACH_PORT_NULL;
  message.head.msgh_id = 1;
  message.type = (mach_msg_type_t){.msgt_name = MACH_MSG_TYPE_CHAR,
                                   .msgt_size = 8,
                                   .msgt_number = 2048 + 5,
                                   .msgt_inline = FALSE};
  message.data = from + 1000;
  REQUIRE_EQUAL(mach_msg(&message.head, MACH_SEND_MSG, 32, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL),
                MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(mach_msg(&message.head, MACH_RCV_MSG, 0, sizeof(message), port, 0, MACH_PORT_NULL),
                MACH_MSG_SUCCESS);
  EXPECT(is_allocated(message.data));
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), message.data, 2048 + 5));
  EXPECT(!is_allocated(message.data) && !is_allocated(message.data + 2048));
  EXPECT_EQUAL(misnumbered_pages(from, 3, 60), 0);
}

static void free_and_write(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  EXPECT_EQUAL(misnumbered_pages(at, 3, 40), 0);
  WORD_AT(at) = 41;
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 3 * PAGE));
  EXPECT(!is_allocated(at));
}

CONFORMS(vm_deallocate, "other tasks keep the memory, shared or copied") {
  const vm_address_t shared = (vm_address_t)shared_memory(3 * PAGE);
  const vm_address_t copied = new_pages(3);
  number_pages(shared, 3, 40);
  number_pages(copied, 3, 40);
  in_child(free_and_write, (void *)shared);
  in_child(free_and_write, (void *)copied);
  EXPECT_EQUAL(WORD_AT(shared), 41);
  EXPECT_EQUAL(misnumbered_pages(shared + PAGE, 2, 41), 0);
  EXPECT_EQUAL(misnumbered_pages(copied, 3, 40), 0);
}

CONFORMS(vm_deallocate, "in another task: there and not here") {
  mach_port_t task;
  const vm_address_t at = new_pages(2);
  number_pages(at, 2, 5);
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  EXPECT_SUCCESS(vm_deallocate(task, at, 2 * PAGE));
  EXPECT(!is_allocated_in(task, at) && is_allocated(at));
  EXPECT_EQUAL(misnumbered_pages(at, 2, 5), 0);
}

CONFORMS(vm_deallocate, "wired memory is unwired with it") {
  const vm_address_t at = lone_pages(20);
  const int before = statistics_now().wire_count;
  REQUIRE_SUCCESS(vm_wire(host_control, mach_task_self(), at, 20 * PAGE, VM_PROT_READ));
  EXPECT_EQUAL(statistics_now().wire_count - before, 20);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at + 5 * PAGE, 5 * PAGE));
  EXPECT_EQUAL(statistics_now().wire_count - before, 15);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 20 * PAGE));
  EXPECT_EQUAL(statistics_now().wire_count, before);
}

CONFORMS(vm_deallocate, "a memory object is told when its last mapping goes") {
  static struct manager manager = {.contents = 3};
  vm_address_t first = 0;
  vm_address_t second = 0;
  start_manager(&manager);
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &first, PAGE, 0, TRUE, manager.object, 0, FALSE,
                         VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE));
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &second, PAGE, 0, TRUE, manager.object, PAGE, FALSE,
                         VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE));
  EXPECT_EQUAL(WORD_AT(first), 3);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), first, PAGE));
  EXPECT_EQUAL(WORD_AT(second), 4);
  EXPECT_EQUAL(manager.terminated, 0);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), second, PAGE));
  EXPECT(wait_until(&manager.terminated, 1, 5000));
}

CONFORMS(vm_deallocate, KERN_SUCCESS, "several regions at once, with holes between them") {
  const vm_address_t at = lone_pages(10);
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at + 2 * PAGE, PAGE, FALSE, VM_PROT_READ));
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at + 4 * PAGE, PAGE));
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 10 * PAGE));
  EXPECT(!is_allocated(at) && !is_allocated(at + 2 * PAGE) && !is_allocated(at + 9 * PAGE));
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, 0));
}

CONFORMS(vm_deallocate, KERN_INVALID_ADDRESS, "a region that is not allocated") {
  const vm_address_t at = lone_pages(1);
  EXPECT_EQUAL(vm_deallocate(mach_task_self(), at - PAGE, PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_deallocate(mach_task_self(), at + PAGE, 1), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_deallocate(mach_task_self(), at - 1, 1), KERN_INVALID_ADDRESS);
  EXPECT(is_allocated(at));
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), at, PAGE));
  EXPECT_EQUAL(vm_deallocate(mach_task_self(), at, PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_deallocate_rpc(mach_task_self(), at, PAGE), KERN_INVALID_ADDRESS);
}

CONFORMS(vm_deallocate, KERN_INVALID_ADDRESS, "an address that no task has") {
  EXPECT_EQUAL(vm_deallocate(mach_task_self(), USER_END, PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_deallocate(mach_task_self(), USER_END - PAGE, 2 * PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_deallocate(mach_task_self(), 0xFFFFF000, 2 * PAGE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_deallocate(mach_task_self(), PAGE, 0xFFFFFFFF), KERN_INVALID_ADDRESS);
}
