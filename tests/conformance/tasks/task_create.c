#include <mach/mach_port.h>

#include "tests/conformance/support/threads.h"

static volatile int *shared;

CONFORMS(task_create, KERN_SUCCESS, "no threads; no memory unless it is inherited") {
  const mach_port_t empty = make_empty_task();
  mach_port_t child = MACH_PORT_NULL;
  vm_address_t address = 0;
  vm_size_t size;
  vm_prot_t protection;
  vm_prot_t max;
  vm_inherit_t inheritance;
  boolean_t is_shared;
  mach_port_t object;
  vm_offset_t offset;
  EXPECT_EQUAL(threads_of(empty), 0);
  EXPECT_EQUAL(task_of(empty).virtual_size, 0);
  EXPECT_EQUAL(task_of(empty).suspend_count, 0);
  EXPECT_EQUAL(vm_region(empty, &address, &size, &protection, &max, &inheritance, &is_shared,
                         &object, &offset),
               KERN_NO_SPACE);
  EXPECT_SUCCESS(task_create(mach_task_self(), TRUE, &child));
  EXPECT_EQUAL(threads_of(child), 0);
  EXPECT_EQUAL(task_of(child).virtual_size, task_of(mach_task_self()).virtual_size);
}

static unsigned word(mach_port_t task, vm_address_t address) {
  vm_offset_t data = 0;
  mach_msg_type_number_t count = 0;
  unsigned value;
  if (vm_read(task, address, vm_page_size, &data, &count) != KERN_SUCCESS) return 0xdead;
  value = *(unsigned *)data;
  (void)vm_deallocate(mach_task_self(), data, count);
  return value;
}

CONFORMS(task_create, "memory is shared, copied or absent as vm_inherit says") {
  vm_address_t a = 0;
  mach_port_t child;
  unsigned *words;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &a, 3 * vm_page_size, TRUE));
  REQUIRE_SUCCESS(vm_inherit(mach_task_self(), a, vm_page_size, VM_INHERIT_SHARE));
  REQUIRE_SUCCESS(vm_inherit(mach_task_self(), a + 2 * vm_page_size, vm_page_size,
                             VM_INHERIT_NONE));
  words = (unsigned *)a;
  words[0] = words[1024] = words[2048] = 1;
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &child));
  words[0] = words[1024] = 2;
  EXPECT_EQUAL(word(child, a), 2);
  EXPECT_EQUAL(word(child, a + vm_page_size), 1);
  EXPECT_EQUAL(word(child, a + 2 * vm_page_size), 0xdead);
}

static void ask(void *argument) {
  mach_port_t *ports = argument;
  ports[0] = (mach_task_self)();
  (void)task_get_kernel_port(ports[0], &ports[1]);
  (void)task_get_bootstrap_port(ports[0], &ports[2]);
  (void)task_get_exception_port(ports[0], &ports[3]);
  *shared = 1;
  for (;;) pause_for(1000);
}

CONFORMS(task_create, "the child has its kernel port, and its parent's bootstrap and exception ports") {
  const mach_port_t bootstrap = make_port();
  const mach_port_t exceptions = make_port();
  mach_port_t *ports = shared_memory(64);
  mach_port_t port = MACH_PORT_NULL;
  mach_port_t child;
  shared = shared_memory(sizeof(*shared));
  REQUIRE_SUCCESS(task_set_bootstrap_port(mach_task_self(), bootstrap));
  REQUIRE_SUCCESS(task_set_exception_port(mach_task_self(), exceptions));
  child = start_task(ask, ports, 0);
  EXPECT_SUCCESS(task_get_kernel_port(child, &port));
  EXPECT_EQUAL(port, child);
  EXPECT_SUCCESS(task_get_bootstrap_port(child, &port));
  EXPECT_EQUAL(port, bootstrap);
  EXPECT_SUCCESS(task_get_exception_port(child, &port));
  EXPECT_EQUAL(port, exceptions);
  REQUIRE(wait_until(shared, 1, PATIENCE));
  EXPECT(MACH_PORT_VALID(ports[0]));
  EXPECT_EQUAL(ports[1], ports[0]);
  EXPECT(MACH_PORT_VALID(ports[2]));
  EXPECT(MACH_PORT_VALID(ports[3]));
}

CONFORMS(task_create, "other port rights are not inherited") {
  mach_port_t child;
  mach_port_array_t names;
  mach_port_type_array_t types;
  mach_msg_type_number_t count = 77;
  mach_msg_type_number_t type_count;
  (void)make_port();
  child = make_empty_task();
  EXPECT_SUCCESS(mach_port_names(child, &names, &count, &types, &type_count));
  EXPECT_EQUAL(count, 0);
}

CONFORMS(task_create, "ports of mach_ports_register and the priority are inherited from parent_task, which need not be the caller") {
  const mach_port_t parent = make_empty_task();
  mach_port_t registered[1] = {make_port()};
  mach_port_array_t found;
  mach_msg_type_number_t count = 0;
  mach_port_t child;
  REQUIRE_SUCCESS(mach_ports_register(parent, registered, 1));
  REQUIRE_SUCCESS(task_priority(parent, 19, FALSE));
  REQUIRE_SUCCESS(task_create(parent, FALSE, &child));
  EXPECT_EQUAL(task_of(child).base_priority, 19);
  EXPECT_SUCCESS(mach_ports_lookup(child, &found, &count));
  EXPECT(count >= 1);
  EXPECT_EQUAL(found[0], registered[0]);
}

CONFORMS(task_create, "a suspended parent has a child that is not") {
  const mach_port_t parent = make_empty_task();
  mach_port_t child;
  REQUIRE_SUCCESS(task_suspend(parent));
  REQUIRE_SUCCESS(task_create(parent, FALSE, &child));
  EXPECT_EQUAL(task_of(child).suspend_count, 0);
}

CONFORMS(task_create, KERN_INVALID_ARGUMENT, "parent_task is no task") {
  mach_port_t child;
  EXPECT_EQUAL(task_create(no_task(), FALSE, &child), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_create(mach_thread_self(), TRUE, &child), KERN_INVALID_ARGUMENT);
}

CONFORMS(task_create, KERN_RESOURCE_SHORTAGE, "no memory for one more; nothing is left of the attempt") {
  static mach_port_t last[64];
  const mach_port_t first = make_empty_task();
  mach_port_t task = MACH_PORT_NULL;
  kern_return_t result = KERN_SUCCESS;
  unsigned n;
  unsigned i;
  time_limit(120000);
  for (i = 0; i < 64; i++) last[i] = MACH_PORT_NULL; /* its page is there when none is left */
  for (n = 0; n < 20000 && result == KERN_SUCCESS; n++) {
    result = task_create(first, FALSE, &task);
    if (result == KERN_SUCCESS) last[n % 64] = task;
  }
  note("tasks", n);
  EXPECT_EQUAL(result, KERN_RESOURCE_SHORTAGE);
  EXPECT_EQUAL(task_create(first, FALSE, &task), KERN_RESOURCE_SHORTAGE);
  for (i = 0; i < 64; i++) EXPECT_SUCCESS(task_terminate(last[i]));
  EXPECT_SUCCESS(task_create(first, FALSE, &task));
}
