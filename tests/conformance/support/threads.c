#include "tests/conformance/support/threads.h"

struct thread_basic_info basic_of(mach_port_t thread) {
  struct thread_basic_info info;
  mach_msg_type_number_t count = THREAD_BASIC_INFO_COUNT;
  REQUIRE_SUCCESS(thread_info(thread, THREAD_BASIC_INFO, (thread_info_t)&info, &count));
  return info;
}

struct thread_sched_info sched_of(mach_port_t thread) {
  struct thread_sched_info info;
  mach_msg_type_number_t count = THREAD_SCHED_INFO_COUNT;
  REQUIRE_SUCCESS(thread_info(thread, THREAD_SCHED_INFO, (thread_info_t)&info, &count));
  return info;
}

struct task_basic_info task_of(mach_port_t task) {
  struct task_basic_info info;
  mach_msg_type_number_t count = TASK_BASIC_INFO_COUNT;
  REQUIRE_SUCCESS(task_info(task, TASK_BASIC_INFO, (task_info_t)&info, &count));
  return info;
}

struct i386_thread_state registers_of(mach_port_t thread) {
  struct i386_thread_state state;
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  REQUIRE_SUCCESS(thread_get_state(thread, i386_THREAD_STATE, (thread_state_t)&state, &count));
  return state;
}

void set_registers(mach_port_t thread, struct i386_thread_state state) {
  REQUIRE_SUCCESS(thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                                   i386_THREAD_STATE_COUNT));
}

unsigned threads_of(mach_port_t task) {
  thread_array_t list = 0;
  mach_msg_type_number_t count = 0;
  mach_msg_type_number_t i;
  REQUIRE_SUCCESS(task_threads(task, &list, &count));
  for (i = 0; i < count; i++) (void)mach_port_deallocate(mach_task_self(), list[i]);
  if (count != 0)
    (void)vm_deallocate(mach_task_self(), (vm_address_t)list, count * sizeof(*list));
  return count;
}

unsigned microseconds_of(time_value_t t) {
  return (unsigned)t.seconds * 1000000u + (unsigned)t.microseconds;
}

int wait_for_state(mach_port_t thread, int run_state) {
  unsigned waited;
  for (waited = 0; waited < PATIENCE; waited += 10) {
    if (basic_of(thread).run_state == run_state) return 1;
    pause_for(10);
  }
  return 0;
}

mach_port_t ended_thread(void) {
  mach_port_t thread = MACH_PORT_NULL;
  REQUIRE_SUCCESS(thread_create(mach_task_self(), &thread));
  REQUIRE_SUCCESS(thread_terminate(thread));
  return thread;
}

mach_port_t ended_task(void) {
  const mach_port_t task = make_empty_task();
  REQUIRE_SUCCESS(task_terminate(task));
  return task;
}

void count_for_ever(void *counter) {
  volatile unsigned *c = counter;
  for (;;) ++*c;
}

mach_port_t make_counting(volatile unsigned *counter) {
  const mach_port_t thread = make_thread(mach_task_self(), count_for_ever, (void *)counter);
  REQUIRE(thread != MACH_PORT_NULL);
  return thread;
}

mach_port_t start_counting(volatile unsigned *counter) {
  const mach_port_t thread = make_counting(counter);
  REQUIRE_SUCCESS(thread_resume(thread));
  return thread;
}

int is_counting(const volatile unsigned *counter) {
  const unsigned before = *counter;
  unsigned waited;
  for (waited = 0; waited < 300 && *counter == before; waited += 30) pause_for(30);
  return *counter != before;
}

static void receive_once(void *argument) {
  struct receiver *r = argument;
  struct message m;
  r->result = (unsigned)mach_msg(&m.head, MACH_RCV_MSG | r->options, 0, sizeof(m), r->port, 0,
                                 MACH_PORT_NULL);
  r->done = 1;
  end_thread();
}

void start_receiver(struct receiver *r, mach_port_t port, mach_msg_option_t options) {
  r->port = port;
  r->options = options;
  r->result = 0xffffffffu;
  r->done = 0;
  r->thread = start_thread(receive_once, r);
  REQUIRE(r->thread != MACH_PORT_NULL);
  REQUIRE(wait_for_state(r->thread, TH_STATE_WAITING));
}

void spin_for(unsigned milliseconds) {
  const mach_port_t host = mach_host_self();
  time_value_t start;
  time_value_t now;
  REQUIRE_SUCCESS(host_get_time(host, &start));
  do {
    volatile unsigned i;
    for (i = 0; i < 20000; i++) {
    }
    REQUIRE_SUCCESS(host_get_time(host, &now));
  } while (microseconds_of(now) - microseconds_of(start) < milliseconds * 1000);
}

mach_port_t set_control(void) {
  mach_port_t name;
  mach_port_t control = MACH_PORT_NULL;
  REQUIRE_SUCCESS(processor_set_default(mach_host_self(), &name));
  REQUIRE_SUCCESS(host_processor_set_priv(host_control, name, &control));
  return control;
}

void expect_exception(struct exception_message *e, mach_port_t port) {
  REQUIRE_EQUAL(receive_message(&e->m, port), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(e->m.head.msgh_id, 2400);
  e->thread = word_of(&e->m, 0);
  e->task = word_of(&e->m, 1);
  e->exception = word_of(&e->m, 2);
  e->code = word_of(&e->m, 3);
  e->subcode = word_of(&e->m, 4);
}

mach_msg_return_t answer_exception(struct exception_message *e, kern_return_t result) {
  struct message m;
  start_message(&m, e->m.head.msgh_remote_port, MACH_MSG_TYPE_MOVE_SEND_ONCE, 2500);
  add_integer(&m, result);
  return send_message(&m);
}

mach_port_t start_faulting(void (*entry)(void *), void *argument, mach_port_t exceptions) {
  const mach_port_t thread = make_thread(mach_task_self(), entry, argument);
  REQUIRE(thread != MACH_PORT_NULL);
  REQUIRE_SUCCESS(thread_set_exception_port(thread, exceptions));
  REQUIRE_SUCCESS(thread_resume(thread));
  return thread;
}

void break_once(void *done) {
  __asm__ volatile("int3" : : : "memory");
  *(volatile int *)done = 1;
  end_thread();
}
