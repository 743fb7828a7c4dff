#include "tests/conformance/support/threads.h"

static volatile unsigned *counter;

CONFORMS(task_terminate, KERN_SUCCESS, "all threads end, the ports of task and threads die") {
  const vm_address_t stack = conformance_stack();
  mach_port_t task;
  mach_port_t threads[3];
  unsigned seen;
  unsigned i;
  counter = shared_memory(sizeof(*counter));
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  threads[0] = conformance_thread(task, stack, count_for_ever, (void *)counter);
  REQUIRE_SUCCESS(thread_resume(threads[0]));
  REQUIRE_SUCCESS(thread_create(task, &threads[1]));
  REQUIRE_SUCCESS(thread_create(task, &threads[2]));
  REQUIRE(is_counting(counter));
  EXPECT_SUCCESS(task_terminate(task));
  seen = *counter;
  EXPECT_EQUAL(type_of(task) & MACH_PORT_TYPE_DEAD_NAME, MACH_PORT_TYPE_DEAD_NAME);
  for (i = 0; i < 3; i++)
    EXPECT_EQUAL(type_of(threads[i]) & MACH_PORT_TYPE_DEAD_NAME, MACH_PORT_TYPE_DEAD_NAME);
  pause_for(60);
  EXPECT_EQUAL(*counter, seen);
}

CONFORMS(task_terminate, "ports whose receive rights it holds are destroyed, its send rights given up") {
  const mach_port_t task = make_empty_task();
  const mach_port_t notify = make_port();
  const mach_port_t mine = make_port();
  mach_port_t right = MACH_PORT_NULL;
  mach_msg_type_name_t type;
  mach_port_t previous;
  const mach_port_t name = 0x4711;
  REQUIRE_SUCCESS(mach_port_allocate_name(task, MACH_PORT_RIGHT_RECEIVE, name));
  REQUIRE_SUCCESS(mach_port_extract_right(task, name, MACH_MSG_TYPE_MAKE_SEND, &right, &type));
  request_dead_name(right, notify);
  REQUIRE_SUCCESS(mach_port_insert_right(task, 0x4712, mine, MACH_MSG_TYPE_COPY_SEND));
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), mine, MACH_PORT_RIGHT_SEND, -1));
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), mine, MACH_NOTIFY_NO_SENDERS, 0,
                                                 notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  EXPECT(is_empty(notify));
  EXPECT_SUCCESS(task_terminate(task));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_DEAD_NAME), right);
  (void)expect_notification(notify, MACH_NOTIFY_NO_SENDERS);
}

static unsigned free_pages(void) {
  vm_statistics_data_t s;
  REQUIRE_SUCCESS(vm_statistics(mach_task_self(), &s));
  return (unsigned)s.free_count;
}

static void use_everything(void) {
  mach_port_t task = MACH_PORT_NULL;
  mach_port_t thread = MACH_PORT_NULL;
  mach_port_t name = MACH_PORT_NULL;
  vm_address_t address = 0;
  static char page[4096] __attribute__((aligned(4096)));
  unsigned i;
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  REQUIRE_SUCCESS(vm_allocate(task, &address, 64 * vm_page_size, TRUE));
  for (i = 0; i < 64; i++)
    REQUIRE_SUCCESS(vm_write(task, address + i * vm_page_size, (vm_offset_t)page, sizeof(page)));
  for (i = 0; i < 8; i++) REQUIRE_SUCCESS(thread_create(task, &thread));
  for (i = 0; i < 200; i++)
    REQUIRE_SUCCESS(mach_port_allocate(task, MACH_PORT_RIGHT_RECEIVE, &name));
  REQUIRE_SUCCESS(task_set_emulation(task, 0x1000, 2000));
  REQUIRE_SUCCESS(task_terminate(task));
}

CONFORMS(task_terminate, "the kernel frees everything the task used") {
  unsigned before;
  unsigned after;
  unsigned i;
  for (i = 0; i < 10; i++) use_everything();
  pause_for(50);
  before = free_pages();
  for (i = 0; i < 60; i++) {
    use_everything();
  }
  pause_for(50);
  after = free_pages();
  note("free before", before);
  note("free after", after);
  EXPECT(after + 40 >= before); /* 60 leaks of one page would show; dead names cost a little */
}

static void end_self(void *unused) {
  (void)unused;
  *counter = 1;
  (void)task_terminate(mach_task_self());
  *counter = 2;
}

CONFORMS(task_terminate, "a task may end itself; the call does not return") {
  const mach_port_t deaths = make_port();
  mach_port_t task;
  counter = shared_memory(sizeof(*counter));
  task = start_task(end_self, 0, 0);
  request_dead_name(task, deaths);
  EXPECT_EQUAL(expect_notification(deaths, MACH_NOTIFY_DEAD_NAME), task);
  EXPECT_EQUAL(*counter, 1);
}

static void wait_there(void *unused) {
  struct message m;
  (void)unused;
  (void)mach_msg(&m.head, MACH_RCV_MSG, 0, sizeof(m), 0x4711, 0, MACH_PORT_NULL);
  for (;;) {
  }
}

CONFORMS(task_terminate, "threads that wait in the kernel end too: for messages, for memory, suspended") {
  const mach_port_t deaths = make_port();
  const vm_address_t stack = conformance_stack();
  const vm_address_t other = conformance_stack();
  vm_address_t address = 0;
  mach_port_t task;
  mach_port_t waiting;
  mach_port_t faulting;
  mach_port_t suspended;
  mach_port_t right;
  mach_msg_type_name_t type;
  /* The task's only port tells when its rights have been freed, which is when its last thread has gone. */
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  REQUIRE_SUCCESS(mach_port_allocate_name(task, MACH_PORT_RIGHT_RECEIVE, 0x4711));
  REQUIRE_SUCCESS(mach_port_extract_right(task, 0x4711, MACH_MSG_TYPE_MAKE_SEND, &right, &type));
  request_dead_name(right, deaths);
  REQUIRE_SUCCESS(vm_map(task, &address, vm_page_size, 0, TRUE, make_port(), 0, FALSE,
                         VM_PROT_READ | VM_PROT_WRITE, VM_PROT_ALL, VM_INHERIT_NONE));
  waiting = conformance_thread(task, stack, wait_there, 0);
  faulting = conformance_thread(task, other, count_for_ever, (void *)address);
  REQUIRE_SUCCESS(thread_resume(waiting));
  REQUIRE_SUCCESS(thread_resume(faulting));
  REQUIRE(wait_for_state(waiting, TH_STATE_WAITING));
  REQUIRE(wait_for_state(faulting, TH_STATE_WAITING));
  REQUIRE_SUCCESS(thread_create(task, &suspended));
  EXPECT_SUCCESS(task_terminate(task));
  EXPECT_EQUAL(expect_notification(deaths, MACH_NOTIFY_DEAD_NAME), right);
}

CONFORMS(task_terminate, KERN_INVALID_ARGUMENT, "no task") {
  EXPECT_EQUAL(task_terminate(no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_terminate(mach_thread_self()), KERN_INVALID_ARGUMENT);
}
