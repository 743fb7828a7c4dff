/*
 * The first task: runs every case in a child of its own and reports TAP. A child that faults,
 * dies, takes too long or leaves tasks behind costs its case and nothing else.
 */
#include <mach/exception.h>
#include <mach/mach_host.h>
#include <mach/mach_traps.h>
#include <mach/notify.h>
#include <mach/processor_info.h>
#include <mach/thread_status.h>

#include "tests/conformance/support/conformance.h"
#include "tests/conformance/support/report.h"

#define DEFAULT_LIMIT 10000u
#define SLICE 100u
#define MAX_TASKS 16u

/* An exception message (book, exception_raise), or a notification. */
struct event {
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
  char trailer[64];
};

extern const struct conformance_case __start_conformance_cases[];
extern const struct conformance_case __stop_conformance_cases[];

static mach_port_t set_control;
static mach_port_t own_tasks[MAX_TASKS]; /* those that were there before the first case */
static unsigned own_task_count;

static void note_exception(const struct event *e) {
  struct i386_thread_state state;
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  state.eip = 0;
  (void)thread_get_state(e->thread, i386_THREAD_STATE, (thread_state_t)&state, &count);
  note("exception", (unsigned)e->exception);
  note("  code", (unsigned)e->code);
  note("  subcode", (unsigned)e->subcode);
  note("  at", state.eip);
}

/* Waits for the child's end, at most as long as it may take. */
static const char *wait_for_end(mach_port_t events) {
  unsigned waited = 0;
  for (; waited < report->limit; waited += SLICE) {
    struct event e;
    const mach_msg_return_t result = mach_msg(&e.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0,
                                              sizeof(e), events, SLICE, MACH_PORT_NULL);
    if (result == MACH_RCV_TIMED_OUT) {
      if (report->finished) return 0;
      continue;
    }
    if (result != MACH_MSG_SUCCESS) return "the runner cannot receive";
    if (e.head.msgh_id == MACH_NOTIFY_DEAD_NAME)
      return report->finished ? 0 : "the task ended before the case";
    note_exception(&e);
    (void)mach_port_deallocate(mach_task_self(), e.thread);
    (void)mach_port_deallocate(mach_task_self(), e.task);
    (void)mach_port_deallocate(mach_task_self(), e.head.msgh_remote_port);
    return "a thread faulted";
  }
  return "took too long";
}

static int is_own(mach_port_t task) {
  unsigned i;
  for (i = 0; i < own_task_count; i++)
    if (own_tasks[i] == task) return 1;
  return 0;
}

/* Applies to every task of the machine but ours; the first call only remembers them. */
static void end_other_tasks(int remember) {
  task_array_t tasks;
  mach_msg_type_number_t count;
  mach_msg_type_number_t i;
  if (processor_set_tasks(set_control, &tasks, &count) != KERN_SUCCESS) return;
  for (i = 0; i < count; i++) {
    if (remember && own_task_count < MAX_TASKS) {
      own_tasks[own_task_count++] = tasks[i];
      continue;
    }
    if (!is_own(tasks[i])) (void)task_terminate(tasks[i]);
    (void)mach_port_deallocate(mach_task_self(), tasks[i]);
  }
  (void)vm_deallocate(mach_task_self(), (vm_address_t)tasks, count * sizeof(*tasks));
}

static void first_thread(void *argument) {
  const struct conformance_case *c = argument;
  (void)mach_init();
  (*c->run)();
  end_case();
}

/* The child with its ports, its thread suspended. */
static mach_port_t make_child(const struct conformance_case *c, vm_address_t stack,
                              mach_port_t events, mach_port_t *task) {
  mach_port_t previous;
  const mach_port_t self = mach_task_self();
  if (task_create(self, TRUE, task) != KERN_SUCCESS) return MACH_PORT_NULL;
  if (mach_port_insert_right(*task, host_control, host_control, MACH_MSG_TYPE_COPY_SEND) !=
          KERN_SUCCESS ||
      mach_port_insert_right(*task, device_master, device_master, MACH_MSG_TYPE_COPY_SEND) !=
          KERN_SUCCESS ||
      task_set_exception_port(*task, events) != KERN_SUCCESS ||
      mach_port_request_notification(self, *task, MACH_NOTIFY_DEAD_NAME, 1, events,
                                     MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous) != KERN_SUCCESS)
    return MACH_PORT_NULL;
  return conformance_thread(*task, stack, first_thread, (void *)c);
}

static const char *run_case(const struct conformance_case *c) {
  const vm_address_t stack = conformance_stack();
  const mach_port_t events = make_port();
  mach_port_t task = MACH_PORT_NULL;
  const mach_port_t thread = make_child(c, stack, events, &task);
  const char *failure = "the runner cannot make a task";
  if (thread != MACH_PORT_NULL && thread_resume(thread) == KERN_SUCCESS)
    failure = wait_for_end(events);
  if (task != MACH_PORT_NULL) (void)task_terminate(task);
  end_other_tasks(0);
  (void)mach_port_destroy(mach_task_self(), thread);
  (void)mach_port_destroy(mach_task_self(), task);
  (void)mach_port_destroy(mach_task_self(), events);
  (void)vm_deallocate(mach_task_self(), stack, CONFORMANCE_STACK_SIZE);
  return failure;
}

static void run_and_report(const struct conformance_case *c) {
  const char *failure;
  report->finished = 0;
  report->checks = 0;
  report->failures = 0;
  report->limit = DEFAULT_LIMIT;
  report->used = 0;
  failure = run_case(c);
  if (failure == 0 && report->checks == 0) failure = "checked nothing";
  if (check(failure == 0 && report->failures == 0, c->annotation)) return;
  report->text[report->used < REPORT_TEXT ? report->used : REPORT_TEXT - 1] = 0;
  print(report->text);
  if (failure != 0) {
    print("# ");
    print(failure);
    print("\n");
  }
}

void test_main(void) {
  const struct conformance_case *c;
  mach_port_t set;
  report = shared_memory(sizeof(*report));
  if (report == 0 || processor_set_default(mach_host_self(), &set) != KERN_SUCCESS ||
      host_processor_set_priv(host_control, set, &set_control) != KERN_SUCCESS) {
    (void)check(0, "the runner starts");
    return;
  }
  end_other_tasks(1);
  for (c = __start_conformance_cases; c != __stop_conformance_cases; c++) run_and_report(c);
}
