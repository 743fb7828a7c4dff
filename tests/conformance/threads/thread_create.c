#include "tests/conformance/support/threads.h"

CONFORMS(thread_create, KERN_SUCCESS, "suspend count of one, no processor state, no exception port") {
  static const struct i386_thread_state flat = {.gs = I386_USER_DS, .fs = I386_USER_DS,
                                                .es = I386_USER_DS, .ds = I386_USER_DS,
                                                .cs = I386_USER_CS, .efl = EFL_IF | 2,
                                                .ss = I386_USER_DS};
  mach_port_t thread = MACH_PORT_NULL;
  mach_port_t port = 1;
  struct i386_thread_state state;
  unsigned i;
  REQUIRE_SUCCESS(thread_create(mach_task_self(), &thread));
  EXPECT_EQUAL(basic_of(thread).suspend_count, 1);
  EXPECT_EQUAL(basic_of(thread).run_state, TH_STATE_STOPPED);
  EXPECT_EQUAL(microseconds_of(basic_of(thread).user_time), 0);
  EXPECT_SUCCESS(thread_get_exception_port(thread, &port));
  EXPECT_EQUAL(port, MACH_PORT_NULL);
  state = registers_of(thread);
  for (i = 0; i < i386_THREAD_STATE_COUNT; i++)
    EXPECT_EQUAL(((unsigned *)&state)[i], ((const unsigned *)&flat)[i]);
}

CONFORMS(thread_create, "the right returned is for the new thread's kernel port, which the thread holds too") {
  mach_port_t thread = MACH_PORT_NULL;
  mach_port_t kernel = MACH_PORT_NULL;
  const unsigned before = threads_of(mach_task_self());
  REQUIRE_SUCCESS(thread_create(mach_task_self(), &thread));
  EXPECT_EQUAL(refs_of(thread, MACH_PORT_RIGHT_SEND), 1);
  EXPECT_SUCCESS(thread_get_kernel_port(thread, &kernel));
  EXPECT_EQUAL(kernel, thread);
  EXPECT_EQUAL(threads_of(mach_task_self()), before + 1);
}

CONFORMS(thread_create, "it starts with thread_set_state and thread_resume") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  pause_for(50);
  EXPECT_EQUAL(counter, 0);
  EXPECT_SUCCESS(thread_resume(thread));
  EXPECT(is_counting(&counter));
}

CONFORMS(thread_create, "in another task") {
  const mach_port_t task = make_empty_task();
  mach_port_t thread = MACH_PORT_NULL;
  REQUIRE_SUCCESS(thread_create(task, &thread));
  EXPECT_EQUAL(threads_of(task), 1);
  EXPECT_SUCCESS(task_terminate(task));
  EXPECT_EQUAL(type_of(thread) & MACH_PORT_TYPE_DEAD_NAME, MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(thread_create, "priority is the task's, maximum priority the processor set's") {
  const mach_port_t task = make_empty_task();
  const mach_port_t set = set_control();
  mach_port_t thread = MACH_PORT_NULL;
  REQUIRE_SUCCESS(task_priority(task, 20, FALSE));
  REQUIRE_SUCCESS(processor_set_max_priority(set, 10, FALSE));
  REQUIRE_SUCCESS(thread_create(task, &thread));
  EXPECT_EQUAL(sched_of(thread).base_priority, 20);
  EXPECT_EQUAL(sched_of(thread).max_priority, 10);
  REQUIRE_SUCCESS(task_priority(task, 3, FALSE));
  REQUIRE_SUCCESS(thread_create(task, &thread));
  EXPECT_EQUAL(sched_of(thread).base_priority, 10);
  REQUIRE_SUCCESS(processor_set_max_priority(set, 7, FALSE));
}

CONFORMS(thread_create, KERN_INVALID_ARGUMENT, "the port is no task") {
  mach_port_t thread;
  EXPECT_EQUAL(thread_create(no_task(), &thread), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_create(mach_thread_self(), &thread), KERN_INVALID_ARGUMENT);
}

CONFORMS(thread_create, KERN_RESOURCE_SHORTAGE, "no memory for one more; when some have ended there is again") {
  const mach_port_t task = make_empty_task();
  mach_port_t thread = MACH_PORT_NULL;
  kern_return_t result = KERN_SUCCESS;
  unsigned n;
  time_limit(120000);
  for (n = 0; n < 20000 && result == KERN_SUCCESS; n++) {
    result = thread_create(task, &thread);
    if (result == KERN_SUCCESS) (void)mach_port_deallocate(mach_task_self(), thread);
  }
  note("threads", n);
  EXPECT_EQUAL(result, KERN_RESOURCE_SHORTAGE);
  EXPECT_SUCCESS(task_terminate(task));
  EXPECT_SUCCESS(thread_create(mach_task_self(), &thread));
}
