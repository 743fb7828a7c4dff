#include "tests/conformance/support/threads.h"

static struct task_thread_times_info times_of(mach_port_t task) {
  struct task_thread_times_info info;
  mach_msg_type_number_t count = TASK_THREAD_TIMES_INFO_COUNT;
  REQUIRE_SUCCESS(task_info(task, TASK_THREAD_TIMES_INFO, (task_info_t)&info, &count));
  return info;
}

CONFORMS(task_thread_times_info, "times of live threads, in user mode and in the kernel") {
  static volatile unsigned counters[2];
  mach_port_t threads[2];
  unsigned i;
  unsigned sum;
  struct task_thread_times_info before;
  struct task_thread_times_info after;
  for (i = 0; i < 2; i++) threads[i] = start_counting(&counters[i]);
  pause_for(800);
  for (i = 0; i < 2; i++) REQUIRE_SUCCESS(thread_suspend(threads[i]));
  sum = microseconds_of(basic_of(threads[0]).user_time) +
        microseconds_of(basic_of(threads[1]).user_time);
  before = times_of(mach_task_self());
  EXPECT(sum >= 100000);
  EXPECT(microseconds_of(before.user_time) >= sum);
  EXPECT(microseconds_of(before.user_time) <= sum + 200000);
  for (i = 0; i < 2; i++) REQUIRE_SUCCESS(thread_terminate(threads[i]));
  after = times_of(mach_task_self());
  EXPECT(microseconds_of(after.user_time) + sum <= microseconds_of(before.user_time) + 50000);
}
