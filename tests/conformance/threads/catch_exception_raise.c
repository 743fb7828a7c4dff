/* What the kernel tells of each exception, and what becomes of the thread. */
#include "tests/conformance/threads/exception_server.h"

CONFORMS(catch_exception_raise, KERN_SUCCESS, "the thread continues from the point of exception") {
  volatile int done = 0;
  const mach_port_t port = make_port();
  const mach_port_t thread = start_faulting(break_once, (void *)&done, port);
  serve_exception(port);
  EXPECT(wait_until(&done, 1, PATIENCE));
  EXPECT_EQUAL(caught.port, port);
  EXPECT_EQUAL(caught.thread, thread);
  EXPECT_EQUAL(caught.task, mach_task_self());
  EXPECT_EQUAL(caught.exception, EXC_BREAKPOINT);
  EXPECT_EQUAL(caught.code, EXC_I386_BPT);
}

static void divide(void *unused) {
  (void)unused;
  __asm__ volatile("xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx" : : : "eax", "ecx", "edx");
  end_thread();
}
static void undefined(void *unused) {
  (void)unused;
  __asm__ volatile("ud2");
  end_thread();
}
static void overflow(void *unused) {
  (void)unused;
  __asm__ volatile("int $4");
  end_thread();
}
static void out_of_bounds(void *unused) {
  static const int bounds[2] = {1, 2};
  (void)unused;
  __asm__ volatile("movl $5, %%eax; bound %%eax, %0" : : "m"(bounds) : "eax");
  end_thread();
}
static void halt(void *unused) {
  (void)unused;
  __asm__ volatile("hlt");
  end_thread();
}
static void single_step(void *unused) {
  (void)unused;
  __asm__ volatile("pushfl; orl $0x100, (%%esp); popfl; nop" : : : "memory");
  end_thread();
}
static void floating(void *unused) {
  (void)unused;
  /* Unmasks division by zero and divides. */
  __asm__ volatile("pushl $0x37b; fninit; fldcw (%%esp); fldz; fld1; fdivp; fwait; popl %%eax"
                   : : : "eax");
  end_thread();
}
static void bad_trap(void *unused) {
  (void)unused;
  __asm__ volatile("movl $-500, %%eax; lcall $7, $0" : : : "eax");
  end_thread();
}
static void software_interrupt(void *unused) {
  (void)unused;
  __asm__ volatile("int $0x80");
  end_thread();
}

static const struct {
  void (*entry)(void *);
  unsigned exception, code, subcode;
} kinds[] = {
    {divide, EXC_ARITHMETIC, EXC_I386_DIV, 0},
    {undefined, EXC_BAD_INSTRUCTION, EXC_I386_INVOP, 0},
    {overflow, EXC_ARITHMETIC, EXC_I386_INTO, 0},
    {out_of_bounds, EXC_SOFTWARE, EXC_I386_BOUND, 0},
    {halt, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, 0},
    {single_step, EXC_BREAKPOINT, EXC_I386_SGL, 0},
    {bad_trap, EXC_BAD_INSTRUCTION, EXC_I386_INVOP, 0},
    {software_interrupt, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, 0x402},
};

CONFORMS(catch_exception_raise, "exception, code and subcode of each kind the processor raises") {
  const mach_port_t port = make_port();
  unsigned i;
  for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
    struct exception_message e;
    const mach_port_t thread = start_faulting(kinds[i].entry, 0, port);
    expect_exception(&e, port);
    note("kind", i);
    EXPECT_EQUAL(e.exception, kinds[i].exception);
    EXPECT_EQUAL(e.code, kinds[i].code);
    EXPECT_EQUAL(e.subcode, kinds[i].subcode);
    REQUIRE_SUCCESS(thread_terminate(thread));
  }
}

CONFORMS(catch_exception_raise, "EXC_ARITHMETIC of the floating point unit: its status word") {
  const mach_port_t port = make_port();
  struct exception_message e;
  (void)start_faulting(floating, 0, port);
  expect_exception(&e, port);
  EXPECT_EQUAL(e.exception, EXC_ARITHMETIC);
  EXPECT_EQUAL(e.code, EXC_I386_EXTERR);
  EXPECT_EQUAL(e.subcode & 4, 4); /* division by zero */
}

static volatile int done;

static void increment(void *address) {
  *(volatile unsigned *)address += 1;
  done = 1;
  end_thread();
}

CONFORMS(catch_exception_raise, "EXC_BAD_ACCESS: code says why, subcode where; memory supplied, the thread goes on") {
  vm_address_t address = 0;
  struct exception_message e;
  const mach_port_t port = make_port();
  mach_port_t thread;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &address, vm_page_size, TRUE));
  thread = make_thread(mach_task_self(), increment, (void *)(address + 12));
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), address, vm_page_size));
  REQUIRE_SUCCESS(thread_set_exception_port(thread, port));
  REQUIRE_SUCCESS(thread_resume(thread));
  expect_exception(&e, port);
  EXPECT_EQUAL(e.exception, EXC_BAD_ACCESS);
  EXPECT_EQUAL(e.code, KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(e.subcode, address + 12);
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &address, vm_page_size, FALSE));
  REQUIRE_SUCCESS(vm_protect(mach_task_self(), address, vm_page_size, FALSE, VM_PROT_READ));
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  expect_exception(&e, port);
  EXPECT_EQUAL(e.code, KERN_PROTECTION_FAILURE);
  EXPECT_EQUAL(e.subcode, address + 12);
  REQUIRE_SUCCESS(vm_protect(mach_task_self(), address, vm_page_size, FALSE,
                             VM_PROT_READ | VM_PROT_WRITE));
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
  EXPECT_EQUAL(*(unsigned *)(address + 12), 1);
}

CONFORMS(catch_exception_raise, "the blocked thread's state can be examined and changed") {
  struct exception_message e;
  struct i386_thread_state s;
  const mach_port_t port = make_port();
  volatile int unused;
  static volatile unsigned counter;
  const mach_port_t thread = start_faulting(break_once, (void *)&unused, port);
  expect_exception(&e, port);
  s = registers_of(thread);
  EXPECT_EQUAL(((unsigned char *)s.eip)[-1], 0xcc);
  s.eip = (unsigned)count_for_ever;
  s.uesp -= 64;
  ((unsigned *)s.uesp)[1] = (unsigned)&counter;
  set_registers(thread, s);
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(is_counting(&counter));
}

static void go_elsewhere(void) {
  done = 2;
  end_thread();
}

static kern_return_t redirect(void) {
  struct i386_thread_state s;
  EXPECT_SUCCESS(thread_suspend(caught.thread));
  EXPECT_SUCCESS(thread_abort(caught.thread));
  s = registers_of(caught.thread);
  s.eip = (unsigned)go_elsewhere;
  set_registers(caught.thread, s);
  EXPECT_SUCCESS(thread_resume(caught.thread));
  return KERN_FAILURE;
}

CONFORMS(catch_exception_raise, "another value after suspend, abort, set_state, resume: the thread does something else") {
  const mach_port_t port = make_port();
  (void)start_faulting(break_once, (void *)&done, port);
  on_exception = redirect;
  serve_exception(port);
  EXPECT(wait_until(&done, 2, PATIENCE));
}

CONFORMS(catch_exception_raise, "thread_abort destroys the reply right, so a late answer is harmless") {
  struct exception_message e;
  const mach_port_t port = make_port();
  const mach_port_t thread = start_faulting(break_once, (void *)&done, port);
  expect_exception(&e, port);
  EXPECT_EQUAL(type_of(e.m.head.msgh_remote_port), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_SUCCESS(thread_suspend(thread));
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT_EQUAL(type_of(e.m.head.msgh_remote_port) & MACH_PORT_TYPE_DEAD_NAME,
               MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_EQUAL(answer_exception(&e, KERN_FAILURE), MACH_SEND_INVALID_DEST);
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT(wait_until(&done, 1, PATIENCE));
}

CONFORMS(catch_exception_raise, "a suspended thread does not go on after the answer until it is resumed") {
  struct exception_message e;
  const mach_port_t port = make_port();
  const mach_port_t thread = start_faulting(break_once, (void *)&done, port);
  expect_exception(&e, port);
  EXPECT_SUCCESS(thread_suspend(thread));
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  pause_for(40);
  EXPECT_EQUAL(done, 0);
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT(wait_until(&done, 1, PATIENCE));
}

/* ---- Two exception ports. ---- */

static mach_port_t task_exceptions(void) {
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(task_set_exception_port(mach_task_self(), port));
  return port;
}

CONFORMS(catch_exception_raise, "the thread's port first; refused there, the task's is asked") {
  struct exception_message e;
  const mach_port_t first = make_port();
  const mach_port_t second = task_exceptions();
  const mach_port_t thread = start_faulting(break_once, (void *)&done, first);
  expect_exception(&e, first);
  EXPECT(is_empty(second));
  EXPECT_EQUAL(answer_exception(&e, KERN_FAILURE), MACH_MSG_SUCCESS);
  expect_exception(&e, second);
  EXPECT_EQUAL(e.thread, thread);
  EXPECT_EQUAL(e.task, mach_task_self());
  EXPECT_EQUAL(e.exception, EXC_BREAKPOINT);
  EXPECT_EQUAL(e.code, EXC_I386_BPT);
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}

CONFORMS(catch_exception_raise, "without a port of the thread, the task's is asked") {
  struct exception_message e;
  const mach_port_t port = task_exceptions();
  (void)start_faulting(break_once, (void *)&done, MACH_PORT_NULL);
  expect_exception(&e, port);
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}

CONFORMS(catch_exception_raise, "a dead port of the thread is none") {
  struct exception_message e;
  const mach_port_t dead = make_port();
  const mach_port_t port = task_exceptions();
  const mach_port_t thread = make_thread(mach_task_self(), break_once, (void *)&done);
  REQUIRE_SUCCESS(thread_set_exception_port(thread, dead));
  kill_port(dead);
  REQUIRE_SUCCESS(thread_resume(thread));
  expect_exception(&e, port);
  EXPECT_EQUAL(answer_exception(&e, KERN_SUCCESS), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&done, 1, PATIENCE));
}

CONFORMS(catch_exception_raise, "the task's port dies with the message: nobody is left, the task ends") {
  struct exception_message e;
  const mach_port_t port = make_port();
  const mach_port_t deaths = make_port();
  volatile int *shared = shared_memory(sizeof(*shared));
  const vm_address_t stack = conformance_stack();
  mach_port_t task;
  mach_port_t thread;
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  REQUIRE_SUCCESS(task_set_exception_port(task, port));
  request_dead_name(task, deaths);
  thread = conformance_thread(task, stack, break_once, (void *)shared);
  REQUIRE_SUCCESS(thread_resume(thread));
  expect_exception(&e, port);
  EXPECT_EQUAL(e.thread, thread);
  EXPECT_EQUAL(e.task, task);
  kill_port(port);
  EXPECT_SUCCESS(mach_port_deallocate(mach_task_self(), e.m.head.msgh_remote_port));
  EXPECT_EQUAL(expect_notification(deaths, MACH_NOTIFY_DEAD_NAME), task);
  EXPECT_EQUAL(*shared, 0);
}

CONFORMS(catch_exception_raise, "refused by the task's port as well: the thread is terminated, others go on") {
  struct exception_message e;
  static volatile unsigned counter;
  const mach_port_t first = make_port();
  const mach_port_t second = task_exceptions();
  const mach_port_t thread = start_faulting(break_once, (void *)&done, first);
  const mach_port_t deaths = make_port();
  request_dead_name(thread, deaths);
  (void)start_counting(&counter);
  expect_exception(&e, first);
  EXPECT_EQUAL(answer_exception(&e, KERN_FAILURE), MACH_MSG_SUCCESS);
  expect_exception(&e, second);
  EXPECT_EQUAL(answer_exception(&e, KERN_FAILURE), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(expect_notification(deaths, MACH_NOTIFY_DEAD_NAME), thread);
  EXPECT_EQUAL(done, 0);
  EXPECT(is_counting(&counter));
}
