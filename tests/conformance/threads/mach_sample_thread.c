#include "tests/conformance/support/samples.h"

CONFORMS(mach_sample_thread, KERN_SUCCESS, "buffers of program counters of the thread, and a last one that is not full") {
  static volatile unsigned counter;
  struct samples s;
  const mach_port_t port = make_port();
  const mach_port_t thread = start_counting(&counter);
  unsigned i;
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), port, thread));
  for (i = 0; i < 2; i++) {
    EXPECT_EQUAL(expect_samples(&s, port), SIZE_PROF_BUFFER);
    EXPECT_EQUAL(samples_of_counting(&s), SIZE_PROF_BUFFER);
  }
  pause_for(50);
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), MACH_PORT_NULL, thread));
  expect_last_samples(port);
  pause_for(1300);
  EXPECT(is_empty(port));
}

CONFORMS(mach_sample_thread, "a thread that does not run is not sampled, nor are others") {
  static volatile unsigned counter;
  static volatile unsigned idle;
  struct samples s;
  const mach_port_t port = make_port();
  const mach_port_t thread = make_counting(&idle);
  (void)start_counting(&counter);
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), port, thread));
  pause_for(1300);
  EXPECT(is_empty(port));
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), MACH_PORT_NULL, thread));
  EXPECT_EQUAL(expect_samples(&s, port), 0);
}

CONFORMS(mach_sample_thread, "another reply port takes over; the end of the thread sends the last buffer") {
  static volatile unsigned counter;
  struct samples s;
  const mach_port_t first = make_port();
  const mach_port_t second = make_port();
  const mach_port_t thread = start_counting(&counter);
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), first, thread));
  pause_for(200);
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), second, thread));
  EXPECT(expect_samples(&s, first) > 0);
  pause_for(200);
  REQUIRE_SUCCESS(thread_terminate(thread));
  EXPECT(expect_samples(&s, second) > 0);
  EXPECT_EQUAL(samples_of_counting(&s), s.arg[SIZE_PROF_BUFFER]);
  EXPECT(s.arg[SIZE_PROF_BUFFER] < SIZE_PROF_BUFFER);
}

CONFORMS(mach_sample_thread, "stopping what is not sampled; a port that has died meanwhile") {
  static volatile unsigned counter;
  const mach_port_t port = make_port();
  const mach_port_t thread = start_counting(&counter);
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), MACH_PORT_NULL, thread));
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), port, thread));
  kill_port(port);
  pause_for(1300);
  EXPECT(is_counting(&counter));
  EXPECT_SUCCESS(mach_sample_thread(mach_task_self(), MACH_PORT_NULL, thread));
}

CONFORMS(mach_sample_thread, KERN_INVALID_ARGUMENT, "no task, no thread") {
  const mach_port_t port = make_port();
  const mach_port_t self = mach_thread_self();
  EXPECT_EQUAL(mach_sample_thread(no_task(), port, self), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_sample_thread(self, port, self), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_sample_thread(mach_task_self(), port, mach_task_self()),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_sample_thread(mach_task_self(), port, no_task()), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_sample_thread(mach_task_self(), port, ended_thread()), KERN_INVALID_ARGUMENT);
}
