/* The side of a case: checks and helpers. */
#include <mach/mach_traps.h>
#include <mach/thread_info.h>
#include <mach/thread_status.h>
#include <mach/thread_switch.h>

#include "tests/conformance/support/conformance.h"
#include "tests/conformance/support/report.h"

struct report *report;

static void add_text(const char *text) {
  unsigned length = 0;
  unsigned at;
  unsigned i;
  while (text[length] != 0) length++;
  at = __atomic_fetch_add(&report->used, length, __ATOMIC_RELAXED);
  for (i = 0; i < length && at + i < REPORT_TEXT - 1; i++) report->text[at + i] = text[i];
}

static void add_number(unsigned value, unsigned base) {
  char text[12];
  char *at = text + sizeof(text) - 1;
  *at = 0;
  do {
    *--at = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  add_text(at);
}

static void add_place(const char *file, int line, const char *what) {
  add_text("# ");
  add_text(file);
  add_text(":");
  add_number((unsigned)line, 10);
  add_text(": ");
  add_text(what);
}

int conformance_expect(int passed, const char *what, const char *file, int line) {
  __atomic_fetch_add(&report->checks, 1, __ATOMIC_RELAXED);
  if (passed) return 1;
  __atomic_fetch_add(&report->failures, 1, __ATOMIC_RELAXED);
  add_place(file, line, what);
  add_text(" does not hold\n");
  return 0;
}

int conformance_expect_equal(unsigned got, unsigned expected, const char *got_text,
                             const char *expected_text, const char *file, int line) {
  __atomic_fetch_add(&report->checks, 1, __ATOMIC_RELAXED);
  if (got == expected) return 1;
  __atomic_fetch_add(&report->failures, 1, __ATOMIC_RELAXED);
  add_place(file, line, got_text);
  add_text(" is 0x");
  add_number(got, 16);
  add_text(", not ");
  add_text(expected_text);
  add_text(" (0x");
  add_number(expected, 16);
  add_text(")\n");
  return 0;
}

void note(const char *text, unsigned number) {
  add_text("# ");
  add_text(text);
  add_text(" 0x");
  add_number(number, 16);
  add_text("\n");
}

void end_case(void) {
  report->finished = 1;
  (void)task_terminate((mach_task_self)());
  for (;;) pause_for(1000); /* another task of the case: the runner ends it */
}

void time_limit(unsigned milliseconds) { report->limit = milliseconds; }

void pause_for(unsigned milliseconds) {
  (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, (int)milliseconds);
}

void wait_until_blocked(mach_port_t thread) {
  struct thread_basic_info info;
  unsigned waited = 0;
  do {
    mach_msg_type_number_t count = THREAD_BASIC_INFO_COUNT;
    pause_for(10);
    REQUIRE_SUCCESS(thread_info(thread, THREAD_BASIC_INFO, (thread_info_t)&info, &count));
  } while (info.run_state != TH_STATE_WAITING && (waited += 10) < 5000);
  REQUIRE_EQUAL(info.run_state, TH_STATE_WAITING);
}

int wait_until(const volatile int *word, int value, unsigned milliseconds) {
  unsigned waited = 0;
  for (; *word != value && waited < milliseconds; waited += 10) pause_for(10);
  return *word == value;
}

void *shared_memory(vm_size_t size) {
  vm_address_t address = 0;
  if (vm_allocate(mach_task_self(), &address, size, TRUE) != KERN_SUCCESS ||
      vm_inherit(mach_task_self(), address, size, VM_INHERIT_SHARE) != KERN_SUCCESS)
    return 0;
  return (void *)address;
}

struct start {
  void (*entry)(void *);
  void *argument;
};

static void begin(void *argument) {
  const struct start *start = argument;
  (void)mach_init();
  (*start->entry)(start->argument);
  (void)task_terminate(mach_task_self());
  for (;;) {
  }
}

static kern_return_t set_entry(mach_port_t thread, vm_address_t stack, void (*entry)(void *),
                               void *argument) {
  struct i386_thread_state state;
  unsigned *top = (unsigned *)(stack + CONFORMANCE_STACK_SIZE - 16);
  unsigned i;
  for (i = 0; i < sizeof(state); i++) ((char *)&state)[i] = 0;
  top[0] = (unsigned)argument;
  top[-1] = 0;
  state.eip = (unsigned)entry;
  state.uesp = (unsigned)(top - 1);
  return thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                          i386_THREAD_STATE_COUNT);
}

vm_address_t conformance_stack(void) {
  return (vm_address_t)shared_memory(CONFORMANCE_STACK_SIZE);
}

mach_port_t conformance_thread(mach_port_t task, vm_address_t stack, void (*entry)(void *),
                               void *argument) {
  mach_port_t thread;
  if (thread_create(task, &thread) != KERN_SUCCESS) return MACH_PORT_NULL;
  if (set_entry(thread, stack, entry, argument) == KERN_SUCCESS) return thread;
  (void)thread_terminate(thread);
  return MACH_PORT_NULL;
}

mach_port_t start_task(void (*entry)(void *), void *argument, mach_port_t *thread) {
  const vm_address_t stack = conformance_stack();
  struct start *start = shared_memory(sizeof(*start));
  mach_port_t task;
  mach_port_t first;
  if (stack == 0 || start == 0) return MACH_PORT_NULL;
  start->entry = entry;
  start->argument = argument;
  if (task_create(mach_task_self(), TRUE, &task) != KERN_SUCCESS) return MACH_PORT_NULL;
  first = conformance_thread(task, stack, begin, start);
  if (first == MACH_PORT_NULL || thread_resume(first) != KERN_SUCCESS) {
    (void)task_terminate(task);
    return MACH_PORT_NULL;
  }
  if (thread != 0)
    *thread = first;
  else
    (void)mach_port_deallocate(mach_task_self(), first);
  return task;
}
