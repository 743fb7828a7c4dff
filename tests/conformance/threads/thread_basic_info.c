#include "tests/conformance/support/threads.h"

CONFORMS(thread_basic_info, "user time and usage of a thread that computes; none of one that does not") {
  static volatile unsigned counter;
  static volatile unsigned idle;
  const mach_port_t busy = start_counting(&counter);
  const mach_port_t lazy = make_counting(&idle);
  time_value_t start;
  time_value_t end;
  REQUIRE_SUCCESS(host_get_time(mach_host_self(), &start));
  pause_for(1500);
  REQUIRE_SUCCESS(host_get_time(mach_host_self(), &end));
  EXPECT(microseconds_of(basic_of(busy).user_time) >= 200000);
  /* An emulator that was held up delivers clock interrupts close together. */
  EXPECT(microseconds_of(basic_of(busy).user_time) <=
         2 * (microseconds_of(end) - microseconds_of(start)) + 2000000);
  EXPECT(microseconds_of(basic_of(busy).system_time) < 200000);
  EXPECT(basic_of(busy).cpu_usage > TH_USAGE_SCALE / 4);
  EXPECT(basic_of(busy).cpu_usage <= TH_USAGE_SCALE);
  EXPECT_EQUAL(microseconds_of(basic_of(lazy).user_time), 0);
  EXPECT_EQUAL(basic_of(lazy).cpu_usage, 0);
  EXPECT((unsigned)basic_of(busy).user_time.microseconds < 1000000);
}

CONFORMS(thread_basic_info, "base priority is what was set; the current one is worse with use") {
  static volatile unsigned counter;
  const mach_port_t thread = start_counting(&counter);
  REQUIRE_SUCCESS(thread_priority(thread, 14, FALSE));
  pause_for(1000);
  EXPECT_EQUAL(basic_of(thread).base_priority, 14);
  EXPECT(basic_of(thread).cur_priority > 14);
}

CONFORMS(thread_basic_info, "run state: running, stopped, waiting; suspend count") {
  static volatile unsigned counter;
  struct receiver r;
  const mach_port_t thread = start_counting(&counter);
  EXPECT_EQUAL(basic_of(mach_thread_self()).run_state, TH_STATE_RUNNING);
  EXPECT_EQUAL(basic_of(thread).run_state, TH_STATE_RUNNING);
  EXPECT_EQUAL(basic_of(thread).suspend_count, 0);
  REQUIRE_SUCCESS(thread_suspend(thread));
  EXPECT_EQUAL(basic_of(thread).run_state, TH_STATE_STOPPED);
  EXPECT_EQUAL(basic_of(thread).suspend_count, 1);
  start_receiver(&r, make_port(), 0);
  EXPECT_EQUAL(basic_of(r.thread).run_state, TH_STATE_WAITING);
  EXPECT_EQUAL(basic_of(r.thread).flags & TH_FLAGS_IDLE, 0);
}

CONFORMS(thread_basic_info, "sleep time counts the seconds of the present wait") {
  struct receiver r;
  time_value_t start;
  time_value_t end;
  REQUIRE_SUCCESS(host_get_time(mach_host_self(), &start));
  start_receiver(&r, make_port(), 0);
  EXPECT(basic_of(r.thread).sleep_time <= 1);
  pause_for(2500);
  REQUIRE_SUCCESS(host_get_time(mach_host_self(), &end));
  EXPECT(basic_of(r.thread).sleep_time >= 2);
  EXPECT(basic_of(r.thread).sleep_time <= 2 * (end.seconds - start.seconds) + 3);
  EXPECT_EQUAL(basic_of(mach_thread_self()).sleep_time, 0);
}
