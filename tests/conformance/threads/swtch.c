#include "tests/conformance/support/threads.h"

CONFORMS(swtch, FALSE, "nothing else to run") {
  unsigned i;
  unsigned nothing = 0;
  for (i = 0; i < 20; i++) nothing += swtch() == FALSE;
  EXPECT(nothing >= 15);
}

CONFORMS(swtch, TRUE, "another thread of equal priority gets the processor, and is still there") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  unsigned before;
  unsigned i;
  REQUIRE_SUCCESS(thread_policy(mach_thread_self(), POLICY_FIXEDPRI, 200));
  REQUIRE_SUCCESS(thread_policy(thread, POLICY_FIXEDPRI, 20));
  REQUIRE_SUCCESS(thread_resume(thread));
  before = counter;
  for (i = 0; i < 20 && counter == before; i++) EXPECT_EQUAL(swtch(), TRUE);
  EXPECT(counter != before);
}

CONFORMS(swtch, "a thread of worse priority does not get it") {
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  REQUIRE_SUCCESS(thread_policy(mach_thread_self(), POLICY_FIXEDPRI, 200));
  REQUIRE_SUCCESS(thread_policy(thread, POLICY_FIXEDPRI, 20));
  REQUIRE_SUCCESS(thread_priority(thread, 20, FALSE));
  REQUIRE_SUCCESS(thread_resume(thread));
  EXPECT_EQUAL(swtch(), TRUE);
  EXPECT_EQUAL(counter, 0);
}
