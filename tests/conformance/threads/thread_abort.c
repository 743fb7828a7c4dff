/* Every wait that thread_abort must end, and what is left unchanged. */
#include "tests/conformance/support/threads.h"

CONFORMS(thread_abort, KERN_SUCCESS, "a receive returns MACH_RCV_INTERRUPTED") {
  struct receiver r;
  start_receiver(&r, make_port(), MACH_RCV_INTERRUPT);
  EXPECT_SUCCESS(thread_abort(r.thread));
  EXPECT(wait_until(&r.done, 1, PATIENCE));
  EXPECT_EQUAL(r.result, MACH_RCV_INTERRUPTED);
}

CONFORMS(thread_abort, "mach_msg retries an interrupted receive unless MACH_RCV_INTERRUPT is given") {
  struct receiver r;
  struct message m;
  const mach_port_t port = make_port();
  start_receiver(&r, port, 0);
  EXPECT_SUCCESS(thread_abort(r.thread));
  pause_for(50);
  EXPECT_EQUAL(r.done, 0);
  make_simple(&m, port, 1);
  EXPECT_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&r.done, 1, PATIENCE));
  EXPECT_EQUAL(r.result, MACH_MSG_SUCCESS);
}

struct sender {
  struct message m;
  mach_msg_option_t options;
  volatile unsigned result;
  volatile int done;
};

static void send_once(void *argument) {
  struct sender *s = argument;
  s->result = (unsigned)mach_msg(&s->m.head, MACH_SEND_MSG | s->options, s->m.head.msgh_size, 0, 0,
                                 0, 0);
  s->done = 1;
  end_thread();
}

CONFORMS(thread_abort, "a send returns MACH_SEND_INTERRUPTED; the sender has its message again") {
  static struct sender s;
  const mach_port_t port = make_port();
  mach_port_t thread;
  (void)fill_queue(port);
  make_simple(&s.m, port, 4711);
  s.options = MACH_SEND_INTERRUPT;
  thread = start_thread(send_once, &s);
  REQUIRE(wait_for_state(thread, TH_STATE_WAITING));
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT(wait_until(&s.done, 1, PATIENCE));
  EXPECT_EQUAL(s.result, MACH_SEND_INTERRUPTED);
  EXPECT_EQUAL(s.m.head.msgh_remote_port, port);
  EXPECT_EQUAL(s.m.head.msgh_id, 4711);
}

CONFORMS(thread_abort, "mach_msg retries an interrupted send unless MACH_SEND_INTERRUPT is given") {
  static struct sender s;
  struct message m;
  const mach_port_t port = make_port();
  mach_port_t thread;
  unsigned queued = fill_queue(port);
  make_simple(&s.m, port, 4711);
  thread = start_thread(send_once, &s);
  REQUIRE(wait_for_state(thread, TH_STATE_WAITING));
  EXPECT_SUCCESS(thread_abort(thread));
  pause_for(30);
  EXPECT_EQUAL(s.done, 0);
  for (; queued > 0; queued--) EXPECT_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&s.done, 1, PATIENCE));
  EXPECT_EQUAL(s.result, MACH_MSG_SUCCESS);
  EXPECT_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 4711);
}

CONFORMS(thread_abort, "a suspended thread, and one of a suspended task: interrupted when it resumes") {
  struct receiver r;
  start_receiver(&r, make_port(), MACH_RCV_INTERRUPT);
  REQUIRE_SUCCESS(thread_suspend(r.thread));
  EXPECT_SUCCESS(thread_abort(r.thread));
  pause_for(30);
  EXPECT_EQUAL(r.done, 0);
  EXPECT_SUCCESS(thread_resume(r.thread));
  EXPECT(wait_until(&r.done, 1, PATIENCE));
  EXPECT_EQUAL(r.result, MACH_RCV_INTERRUPTED);
}

static volatile int handled;

static void handler(void) {
  handled = 1;
  (void)thread_suspend(mach_thread_self());
  for (;;) {
  }
}

CONFORMS(thread_abort, "as for a signal: suspend, abort, a handler's state, resume, and back into the call") {
  struct receiver r;
  struct i386_thread_state before;
  struct i386_thread_state s;
  static unsigned stack[1024];
  start_receiver(&r, make_port(), MACH_RCV_INTERRUPT);
  REQUIRE_SUCCESS(thread_suspend(r.thread));
  REQUIRE_SUCCESS(thread_abort(r.thread));
  before = registers_of(r.thread);
  EXPECT_EQUAL(before.eax, MACH_RCV_INTERRUPTED);
  s = before;
  s.eip = (unsigned)handler;
  s.uesp = (unsigned)(stack + 1000);
  set_registers(r.thread, s);
  REQUIRE_SUCCESS(thread_resume(r.thread));
  REQUIRE(wait_until(&handled, 1, PATIENCE));
  EXPECT_EQUAL(r.done, 0);
  REQUIRE(wait_for_state(r.thread, TH_STATE_STOPPED));
  set_registers(r.thread, before);
  REQUIRE_SUCCESS(thread_resume(r.thread));
  EXPECT(wait_until(&r.done, 1, PATIENCE));
  EXPECT_EQUAL(r.result, MACH_RCV_INTERRUPTED);
}

CONFORMS(thread_abort, "an aborted call leaves registers and memory as they are set afterwards") {
  struct receiver r;
  struct message m;
  struct i386_thread_state s;
  static volatile unsigned counter;
  const mach_port_t port = make_port();
  start_receiver(&r, port, MACH_RCV_INTERRUPT);
  REQUIRE_SUCCESS(thread_suspend(r.thread));
  REQUIRE_SUCCESS(thread_abort(r.thread));
  s = registers_of(r.thread);
  s.eax = 0x1234567;
  s.eip = (unsigned)count_for_ever;
  s.uesp -= 64;
  ((unsigned *)s.uesp)[1] = (unsigned)&counter;
  set_registers(r.thread, s);
  make_simple(&m, port, 1);
  EXPECT_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(registers_of(r.thread).eax, 0x1234567);
  EXPECT_EQUAL(status_of(port).mps_msgcount, 1);
  REQUIRE_SUCCESS(thread_resume(r.thread));
  EXPECT(is_counting(&counter));
  EXPECT_EQUAL(r.done, 0);
}

/* Memory whose manager never answers. */
static vm_address_t silent_memory(void) {
  vm_address_t address = 0;
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &address, vm_page_size, 0, TRUE, make_port(), 0, FALSE,
                         VM_PROT_READ | VM_PROT_WRITE, VM_PROT_ALL, VM_INHERIT_NONE));
  return address;
}

static void touch(void *address) {
  *(volatile unsigned *)address += 1;
  end_thread();
}

CONFORMS(thread_abort, "a page fault: the thread may be sent elsewhere") {
  const mach_port_t thread = start_thread(touch, (void *)silent_memory());
  struct i386_thread_state s;
  static volatile unsigned counter;
  REQUIRE(wait_for_state(thread, TH_STATE_WAITING));
  REQUIRE_SUCCESS(thread_suspend(thread));
  EXPECT_SUCCESS(thread_abort(thread));
  s = registers_of(thread);
  s.eip = (unsigned)count_for_ever;
  s.uesp -= 64;
  ((unsigned *)s.uesp)[1] = (unsigned)&counter;
  set_registers(thread, s);
  REQUIRE_SUCCESS(thread_resume(thread));
  EXPECT(is_counting(&counter));
}

CONFORMS(thread_abort, "a page fault is retried when the state is not changed") {
  const mach_port_t exceptions = make_port();
  const mach_port_t thread = start_faulting(touch, (void *)silent_memory(), exceptions);
  unsigned eip;
  REQUIRE(wait_for_state(thread, TH_STATE_WAITING));
  eip = registers_of(thread).eip;
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT(wait_for_state(thread, TH_STATE_WAITING));
  EXPECT_EQUAL(registers_of(thread).eip, eip);
  EXPECT(is_empty(exceptions));
}

struct far_sender {
  mach_msg_header_t *message;
  volatile unsigned result;
  volatile int done;
};

static void send_far(void *argument) {
  struct far_sender *f = argument;
  f->result = (unsigned)mach_msg(f->message, MACH_SEND_MSG | MACH_SEND_INTERRUPT, 64, 0, 0, 0, 0);
  f->done = 1;
  end_thread();
}

CONFORMS(thread_abort, "the page fault of a message to be sent: MACH_SEND_INTERRUPTED") {
  static struct far_sender f;
  mach_port_t thread;
  f.message = (mach_msg_header_t *)silent_memory();
  thread = start_thread(send_far, &f);
  REQUIRE(wait_for_state(thread, TH_STATE_WAITING));
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT(wait_until(&f.done, 1, PATIENCE));
  EXPECT_EQUAL(f.result, MACH_SEND_INTERRUPTED);
}

CONFORMS(thread_abort, "a thread that computes is not disturbed") {
  static volatile unsigned counter;
  const mach_port_t thread = start_counting(&counter);
  unsigned i;
  for (i = 0; i < 100; i++) EXPECT_SUCCESS(thread_abort(thread));
  EXPECT(is_counting(&counter));
  EXPECT_SUCCESS(thread_abort(mach_thread_self()));
}

CONFORMS(thread_abort, "an abort before a wait does not interrupt the wait") {
  struct receiver r;
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT(is_counting(&counter));
  EXPECT_SUCCESS(thread_abort(mach_thread_self()));
  start_receiver(&r, make_port(), MACH_RCV_INTERRUPT);
  pause_for(30);
  EXPECT_EQUAL(r.done, 0);
}

CONFORMS(thread_abort, KERN_INVALID_ARGUMENT, "no thread") {
  EXPECT_EQUAL(thread_abort(no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_abort(mach_task_self()), KERN_INVALID_ARGUMENT);
}
