/* From the first trap to tasks, threads, messages and exceptions: one case for every mechanism. */
#include <mach/exception.h>
#include <mach/mach_host.h>
#include <mach/mach_traps.h>
#include <mach/mig_support.h>
#include <mach/task_info.h>
#include <mach/thread_status.h>

#include "tests/kernel/support/kernel_test.h"

static void test_traps(void) {
  const mach_port_t self = (mach_task_self)();
  check(self != MACH_PORT_NULL, "mach_task_self");
  check_equal((mach_task_self)(), self, "mach_task_self again");
  check(mach_thread_self() != MACH_PORT_NULL, "mach_thread_self");
  check(mach_host_self() != MACH_PORT_NULL, "mach_host_self");
  check(mach_reply_port() != MACH_PORT_NULL, "mach_reply_port");
}

static void test_spoiled_reply_port(void) {
  const mach_port_t port = mach_reply_port();
  mach_port_type_t type = 0;
  mig_dealloc_reply_port(port);
  check_equal((unsigned)mach_port_type(mach_task_self(), port, &type), KERN_INVALID_NAME,
              "a spoiled reply port is destroyed");
}

struct small_message {
  mach_msg_header_t head;
  mach_msg_type_t type;
  int value;
  char trailer[64];
};

static void fill_message(struct small_message *m, mach_port_t to, int value) {
  const mach_msg_type_t type = {MACH_MSG_TYPE_INTEGER_32, 32, 1, TRUE, FALSE, FALSE, 0};
  m->head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0);
  m->head.msgh_size = 32;
  m->head.msgh_remote_port = to;
  m->head.msgh_local_port = MACH_PORT_NULL;
  m->head.msgh_seqno = 0;
  m->head.msgh_id = 77;
  m->type = type;
  m->value = value;
}

static void test_message_to_self(void) {
  struct small_message m;
  const mach_port_t port = make_port();
  check(port != MACH_PORT_NULL, "port with send and receive right");
  fill_message(&m, port, 4711);
  check_equal((unsigned)mach_msg(&m.head, MACH_SEND_MSG, 32, 0, MACH_PORT_NULL,
                                 MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL),
              MACH_MSG_SUCCESS, "send to self");
  m.value = 0;
  check_equal((unsigned)mach_msg(&m.head, MACH_RCV_MSG, 0, sizeof(m), port, MACH_MSG_TIMEOUT_NONE,
                                 MACH_PORT_NULL),
              MACH_MSG_SUCCESS, "receive from self");
  check(m.value == 4711 && m.head.msgh_id == 77 && m.head.msgh_size == 32, "contents");
  check_equal((unsigned)mach_msg(&m.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(m), port, 20,
                                 MACH_PORT_NULL),
              MACH_RCV_TIMED_OUT, "receive times out");
}

static void test_memory(void) {
  vm_address_t a = 0;
  check_equal((unsigned)vm_allocate(mach_task_self(), &a, 0x20000, TRUE), KERN_SUCCESS,
              "vm_allocate");
  *(volatile int *)a = 1;
  *(volatile int *)(a + 0x1F000) = 2;
  check(*(volatile int *)a == 1 && *(volatile int *)(a + 0x10000) == 0, "zero-filled memory");
  check_equal((unsigned)vm_protect(mach_task_self(), a, 0x1000, FALSE, VM_PROT_READ), KERN_SUCCESS,
              "vm_protect");
  check_equal((unsigned)vm_deallocate(mach_task_self(), a, 0x20000), KERN_SUCCESS,
              "vm_deallocate");
}

static volatile int counter;

static void count_and_end(void *argument) {
  counter += (int)(unsigned)argument;
  end_thread();
}

static void wait_for(volatile int *word, int value) {
  unsigned i;
  for (i = 0; i < 1000 && *word != value; i++) (void)thread_switch(MACH_PORT_NULL, 2, 10);
}

static vm_address_t pages_of(mach_port_t task, unsigned count) {
  vm_address_t address = 0;
  check_equal((unsigned)vm_allocate(task, &address, count * vm_page_size, TRUE), KERN_SUCCESS,
              "pages");
  return address;
}

/* Copies without a message or a mapping. */
static void test_copies(void) {
  const mach_port_t self = mach_task_self();
  const vm_address_t mine = pages_of(self, 4), page = vm_page_size;
  mach_port_t child = MACH_PORT_NULL;
  vm_address_t theirs;
  check_equal((unsigned)task_create(self, FALSE, &child), KERN_SUCCESS, "a task");
  theirs = pages_of(child, 4);
  for (unsigned i = 0; i < 2 * page; i++) {
    ((unsigned char *)mine)[i] = (unsigned char)(i * 7 + i / 256);
  }
  check_equal((unsigned)syscall_vm_write(child, theirs + 5, mine + 1, 2 * page - 1), KERN_SUCCESS,
              "odd bytes to a task");
  check_equal((unsigned)syscall_vm_read_overwrite(child, theirs + 5, 2 * page - 1,
                                                  mine + 2 * page + 1),
              KERN_SUCCESS, "and back");
  int same = 1;
  for (unsigned i = 1; i < 2 * page; i++) {
    same &= ((unsigned char *)mine)[2 * page + i] == ((unsigned char *)mine)[i];
  }
  check(same, "the same bytes");
  check_equal((unsigned)syscall_vm_write(self, mine, mine + page, page), KERN_SUCCESS,
              "within a task");
  check_equal(*(unsigned char *)(mine + 9), *(unsigned char *)(mine + page + 9),
              "... they are there");

  check_equal((unsigned)syscall_vm_write(child, theirs + 3 * page, mine, 2 * page),
              KERN_INVALID_ADDRESS, "beyond the region");
  check_equal((unsigned)syscall_vm_write(child, theirs, mine + 3 * page, 2 * page),
              KERN_INVALID_ADDRESS, "from beyond one");
  check_equal((unsigned)syscall_vm_read_overwrite(child, theirs, 16, 0xC0000000),
              KERN_INVALID_ADDRESS, "to the kernel");
  check_equal((unsigned)syscall_vm_read_overwrite(self, 0xC0000000, 16, mine),
              KERN_INVALID_ADDRESS, "from the kernel");
  check_equal((unsigned)syscall_vm_write(self, 0xFFFFFFF0, mine, 32), KERN_INVALID_ADDRESS,
              "around the end");
  check_equal((unsigned)syscall_vm_write(self, mine, mine, SYSCALL_VM_COPY_MAX + 1),
              KERN_INVALID_ARGUMENT, "too much");
  check_equal((unsigned)syscall_vm_write(MACH_PORT_NULL, mine, mine, 4), MACH_SEND_INTERRUPTED,
              "no task");
  (void)vm_protect(child, theirs, page, FALSE, VM_PROT_READ);
  check_equal((unsigned)syscall_vm_write(child, theirs, mine, 4), KERN_PROTECTION_FAILURE,
              "read-only memory");
  (void)task_terminate(child);
  check_equal((unsigned)syscall_vm_read_overwrite(child, theirs, 4, mine), MACH_SEND_INTERRUPTED,
              "a task that has ended");
  (void)vm_deallocate(self, mine, 4 * page);
}

static void test_threads(void) {
  counter = 0;
  check(start_thread(count_and_end, (void *)5) != MACH_PORT_NULL, "thread_create");
  wait_for(&counter, 5);
  check_equal((unsigned)counter, 5, "the thread ran");
}

static void spin(void *argument) {
  (void)argument;
  for (;;) counter++;
}

static void test_preemption(void) {
  const mach_port_t t = start_thread(spin, 0);
  struct i386_thread_state state;
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  int before;
  unsigned i;
  counter = 0;
  for (i = 0; i < 100 && counter == 0; i++) (void)thread_switch(MACH_PORT_NULL, 2, 10);
  check(counter != 0, "a spinning thread is preempted");
  check_equal((unsigned)thread_suspend(t), KERN_SUCCESS, "thread_suspend");
  before = counter;
  (void)thread_switch(MACH_PORT_NULL, 2, 50);
  check_equal((unsigned)counter, (unsigned)before, "a suspended thread stands still");
  check_equal((unsigned)thread_get_state(t, i386_THREAD_STATE, (thread_state_t)&state, &count),
              KERN_SUCCESS, "thread_get_state");
  check(state.eip >= (unsigned)spin && state.eip < (unsigned)spin + 64, "its program counter");
  check_equal((unsigned)thread_terminate(t), KERN_SUCCESS, "thread_terminate");
}

static volatile int shared_word = 100;

static void child_main(void *argument) {
  (void)argument;
  shared_word++; /* the child's own copy */
  (void)task_terminate((mach_task_self)());
  for (;;) {
  }
}

static void test_tasks(void) {
  mach_port_t child;
  mach_port_t thread;
  struct task_basic_info info;
  mach_msg_type_number_t count = TASK_BASIC_INFO_COUNT;
  unsigned i;
  kern_return_t result = KERN_SUCCESS;

  const mach_port_t prepared = make_thread(mach_task_self(), child_main, 0);
  struct i386_thread_state state;
  mach_msg_type_number_t state_count = i386_THREAD_STATE_COUNT;
  (void)thread_get_state(prepared, i386_THREAD_STATE, (thread_state_t)&state, &state_count);
  check_equal((unsigned)task_create(mach_task_self(), TRUE, &child), KERN_SUCCESS, "task_create");
  check_equal((unsigned)task_info(child, TASK_BASIC_INFO, (task_info_t)&info, &count),
              KERN_SUCCESS, "task_info");
  check(info.virtual_size != 0, "the child has inherited memory");
  check_equal((unsigned)thread_create(child, &thread), KERN_SUCCESS, "thread in the child");
  check_equal((unsigned)thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                                         i386_THREAD_STATE_COUNT),
              KERN_SUCCESS, "thread_set_state");
  check_equal((unsigned)thread_resume(thread), KERN_SUCCESS, "thread_resume");
  for (i = 0; i < 200 && result == KERN_SUCCESS; i++) {
    (void)thread_switch(MACH_PORT_NULL, 2, 10);
    count = TASK_BASIC_INFO_COUNT;
    result = task_info(child, TASK_BASIC_INFO, (task_info_t)&info, &count);
  }
  check(result != KERN_SUCCESS, "the child has ended itself");
  check_equal((unsigned)shared_word, 100, "copy on write keeps the parent's data");
  (void)thread_terminate(prepared);
}

struct exception_message {
  mach_msg_header_t head;
  mach_msg_type_t thread_type;
  mach_port_t thread;
  mach_msg_type_t task_type;
  mach_port_t task;
  mach_msg_type_t exception_type;
  int exception;
  mach_msg_type_t code_type;
  int code;
  mach_msg_type_t subcode_type;
  int subcode;
};

struct exception_reply {
  mach_msg_header_t head;
  mach_msg_type_t type;
  kern_return_t result;
};

static void touch_nothing(void *argument) {
  *(volatile int *)argument = 1;
  counter = 99;
  end_thread();
}

static void test_exception(void) {
  union {
    struct exception_message request;
    struct exception_reply reply;
    char room[128];
  } m;
  const mach_msg_type_t type = {MACH_MSG_TYPE_INTEGER_32, 32, 1, TRUE, FALSE, FALSE, 0};
  const mach_port_t port = make_port();
  vm_address_t address = 0x70000000;
  const mach_port_t t = make_thread(mach_task_self(), touch_nothing, (void *)address);

  counter = 0;
  check_equal((unsigned)thread_set_exception_port(t, port), KERN_SUCCESS, "exception port");
  (void)thread_resume(t);
  check_equal((unsigned)mach_msg(&m.request.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(m),
                                 port, 2000, MACH_PORT_NULL),
              MACH_MSG_SUCCESS, "exception message");
  check_equal((unsigned)m.request.head.msgh_id, 2400, "its id");
  check_equal((unsigned)m.request.exception, EXC_BAD_ACCESS, "EXC_BAD_ACCESS");
  check_equal((unsigned)m.request.code, KERN_INVALID_ADDRESS, "code");
  check_equal((unsigned)m.request.subcode, address, "subcode is the address");
  check_equal(m.request.thread, t, "names the thread");
  check_equal((unsigned)vm_allocate(mach_task_self(), &address, 4096, FALSE), KERN_SUCCESS,
              "repair it");
  m.reply.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
  m.reply.head.msgh_size = sizeof(struct exception_reply);
  m.reply.head.msgh_local_port = MACH_PORT_NULL;
  m.reply.head.msgh_id = 2500;
  m.reply.type = type;
  m.reply.result = KERN_SUCCESS;
  check_equal((unsigned)mach_msg(&m.reply.head, MACH_SEND_MSG, sizeof(struct exception_reply), 0,
                                 MACH_PORT_NULL, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL),
              MACH_MSG_SUCCESS, "answer it");
  wait_for(&counter, 99);
  check_equal((unsigned)counter, 99, "the thread goes on");
}

void test_main(void) {
  test_traps();
  test_spoiled_reply_port();
  test_message_to_self();
  test_memory();
  test_copies();
  test_threads();
  test_preemption();
  test_tasks();
  test_exception();
}
