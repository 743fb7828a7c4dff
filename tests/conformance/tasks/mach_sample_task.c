#include "tests/conformance/support/samples.h"

CONFORMS(mach_sample_task, KERN_SUCCESS, "buffers with samples of all threads, and a last one that is not full") {
  static volatile unsigned counters[2];
  struct samples s;
  const mach_port_t port = make_port();
  unsigned i;
  unsigned counting = 0;
  (void)start_counting(&counters[0]);
  (void)start_counting(&counters[1]);
  EXPECT_SUCCESS(mach_sample_task(mach_task_self(), port, mach_task_self()));
  for (i = 0; i < 2; i++) {
    EXPECT_EQUAL(expect_samples(&s, port), SIZE_PROF_BUFFER);
    counting += samples_of_counting(&s);
  }
  EXPECT(counting > SIZE_PROF_BUFFER * 2 * 9 / 10);
  EXPECT_SUCCESS(mach_sample_task(mach_task_self(), MACH_PORT_NULL, mach_task_self()));
  expect_last_samples(port);
}

CONFORMS(mach_sample_task, "threads of other tasks are not sampled; the task argument is not used") {
  static volatile unsigned counter;
  struct samples s;
  const mach_port_t port = make_port();
  const mach_port_t task = make_empty_task();
  (void)start_counting(&counter);
  EXPECT_SUCCESS(mach_sample_task(mach_task_self(), port, task));
  pause_for(1300);
  EXPECT(is_empty(port));
  EXPECT_SUCCESS(mach_sample_task(task, MACH_PORT_NULL, task));
  EXPECT_EQUAL(expect_samples(&s, port), 0);
}

CONFORMS(mach_sample_task, "a child inherits the state, and goes on when the parent's sampling ends") {
  const vm_address_t stack = conformance_stack();
  volatile unsigned *counter = shared_memory(sizeof(*counter));
  struct samples s;
  const mach_port_t port = make_port();
  mach_port_t child;
  mach_port_t thread;
  EXPECT_SUCCESS(mach_sample_task(mach_task_self(), port, mach_task_self()));
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &child));
  EXPECT_SUCCESS(mach_sample_task(mach_task_self(), MACH_PORT_NULL, mach_task_self()));
  expect_last_samples(port);
  thread = conformance_thread(child, stack, count_for_ever, (void *)counter);
  REQUIRE_SUCCESS(thread_resume(thread));
  EXPECT_EQUAL(expect_samples(&s, port), SIZE_PROF_BUFFER);
  EXPECT_EQUAL(samples_of_counting(&s), SIZE_PROF_BUFFER);
  REQUIRE_SUCCESS(task_terminate(child));
  expect_last_samples(port);
}

CONFORMS(mach_sample_task, KERN_INVALID_ARGUMENT, "no task") {
  const mach_port_t port = make_port();
  EXPECT_EQUAL(mach_sample_task(no_task(), port, mach_task_self()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_sample_task(mach_thread_self(), port, mach_task_self()),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_sample_task(mach_task_self(), port, mach_thread_self()),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_sample_task(mach_task_self(), port, no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_sample_task(mach_task_self(), port, ended_task()), KERN_INVALID_ARGUMENT);
}
