/* Many tasks and threads, made and ended in every way: nothing may be left behind. */
#include <mach/mach_host.h>
#include <mach/mach_traps.h>
#include <mach/thread_status.h>
#include <mach/vm_statistics.h>

#include "tests/kernel/support/kernel_test.h"

#define ROUNDS 60

static void pause_ms(int ms) { (void)thread_switch(MACH_PORT_NULL, 2, ms); }

static int free_pages(void) {
  vm_statistics_data_t statistics;
  pause_ms(50); /* the reaper */
  (void)vm_statistics(mach_task_self(), &statistics);
  return (int)statistics.free_count;
}

static void spin(void *unused) {
  (void)unused;
  for (;;) {
  }
}

static void wait_for_ever(void *unused) {
  mach_msg_header_t head;
  (void)unused;
  (void)mach_msg(&head, MACH_RCV_MSG, 0, sizeof(head), mach_reply_port(), 0, MACH_PORT_NULL);
  for (;;) {
  }
}

static void end_own_task(void *unused) {
  (void)unused;
  (void)task_terminate((mach_task_self)());
  for (;;) {
  }
}

/* A thread of another task that has a copy of this task's memory. */
static mach_port_t start_in(mach_port_t task, mach_port_t model) {
  struct i386_thread_state state;
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  mach_port_t thread = MACH_PORT_NULL;
  (void)thread_get_state(model, i386_THREAD_STATE, (thread_state_t)&state, &count);
  if (thread_create(task, &thread) != KERN_SUCCESS) return MACH_PORT_NULL;
  (void)thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state, count);
  (void)thread_resume(thread);
  return thread;
}

static int tasks_with(void (*entry)(void *), int inherit, int wait_ms) {
  const mach_port_t model = make_thread(mach_task_self(), entry, 0);
  int made = 0;
  int i;
  for (i = 0; i < ROUNDS; i++) {
    mach_port_t task;
    if (task_create(mach_task_self(), inherit, &task) != KERN_SUCCESS) break;
    if (inherit) {
      const mach_port_t thread = start_in(task, model);
      if (thread == MACH_PORT_NULL) break;
      if (wait_ms != 0)
        pause_ms(wait_ms);
      else
        (void)thread_switch(MACH_PORT_NULL, 0, 0);
      (void)mach_port_deallocate(mach_task_self(), thread);
    }
    (void)task_terminate(task);
    (void)mach_port_deallocate(mach_task_self(), task);
    made++;
  }
  (void)thread_terminate(model);
  (void)mach_port_deallocate(mach_task_self(), model);
  return made;
}

/* Runs a load twice: what the first run leaves in caches, the second may not add to. */
static void no_leak(const char *name, void (*entry)(void *), int inherit, int wait_ms) {
  int before;
  int after;
  (void)tasks_with(entry, inherit, wait_ms);
  before = free_pages();
  check_equal((unsigned)tasks_with(entry, inherit, wait_ms), ROUNDS, name);
  after = free_pages();
  if (!check(after > before - 40, "no pages are lost")) {
    print("# lost ");
    print_number((unsigned)(before - after));
    print("\n");
  }
}

static void many_threads(void) {
  static mach_port_t threads[200];
  int made = 0;
  int i;
  vm_address_t stack = 0;
  (void)vm_allocate(mach_task_self(), &stack, 4096, TRUE);
  for (i = 0; i < 200; i++) {
    struct i386_thread_state state = {0};
    if (thread_create(mach_task_self(), &threads[i]) != KERN_SUCCESS) break;
    state.eip = (unsigned)spin;
    state.uesp = stack + 4096 - 64;
    (void)thread_set_state(threads[i], i386_THREAD_STATE, (thread_state_t)&state,
                           i386_THREAD_STATE_COUNT);
    if (i % 2) (void)thread_resume(threads[i]);
    made++;
  }
  check_equal((unsigned)made, 200, "200 threads");
  pause_ms(200);
  for (i = 0; i < made; i++) {
    if (thread_terminate(threads[i]) != KERN_SUCCESS) break;
    (void)mach_port_deallocate(mach_task_self(), threads[i]);
  }
  check_equal((unsigned)i, (unsigned)made, "all of them ended");
  pause_ms(50);
}

void test_main(void) {
  no_leak("empty tasks", spin, FALSE, 0);
  no_leak("spinning tasks", spin, TRUE, 0);
  no_leak("waiting tasks", wait_for_ever, TRUE, 0);
  no_leak("tasks that end themselves", end_own_task, TRUE, 10);
  many_threads();
}
