/* Making and ending tasks and threads. */
#include "tests/bench/mach/mach_bench.h"

static void make_and_end_task(boolean_t inherit) {
  mach_port_t task;
  require(task_create(mach_task_self(), inherit, &task), "task_create");
  require(task_terminate(task), "task_terminate");
  require(mach_port_deallocate(mach_task_self(), task), "mach_port_deallocate");
}

static void make_and_end_thread(void) {
  mach_port_t thread;
  require(thread_create(mach_task_self(), &thread), "thread_create");
  require(thread_terminate(thread), "thread_terminate");
  require(mach_port_deallocate(mach_task_self(), thread), "mach_port_deallocate");
}

void measure_one_thread(const char *name) { MEASURE(name, make_and_end_thread()); }

void measure_tasks(void) {
  MEASURE("task create + terminate, no inheritance", make_and_end_task(FALSE));
  MEASURE("task create + terminate, inheriting", make_and_end_task(TRUE));
  measure_one_thread("thread create + terminate");
}
