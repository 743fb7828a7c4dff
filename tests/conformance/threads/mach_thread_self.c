#include "tests/conformance/support/threads.h"

static volatile mach_port_t seen;
static volatile int done;

static void tell(void *unused) {
  (void)unused;
  seen = mach_thread_self();
  done = 1;
  count_for_ever((void *)&(unsigned){0});
}

CONFORMS(mach_thread_self, "a send right for the thread's own kernel port, one more with every call") {
  const mach_port_t self = mach_thread_self();
  const unsigned before = refs_of(self, MACH_PORT_RIGHT_SEND);
  EXPECT(MACH_PORT_VALID(self));
  EXPECT_EQUAL(type_of(self) & MACH_PORT_TYPE_SEND, MACH_PORT_TYPE_SEND);
  EXPECT_EQUAL(mach_thread_self(), self);
  EXPECT_EQUAL(refs_of(self, MACH_PORT_RIGHT_SEND), before + 1);
  EXPECT_SUCCESS(mach_port_deallocate(mach_task_self(), self));
  EXPECT_EQUAL(basic_of(self).run_state, TH_STATE_RUNNING);
}

CONFORMS(mach_thread_self, "each thread has its own, the one thread_create told of") {
  const mach_port_t thread = start_thread(tell, 0);
  REQUIRE(wait_until(&done, 1, PATIENCE));
  EXPECT_EQUAL(seen, thread);
  EXPECT(seen != mach_thread_self());
}

CONFORMS(mach_thread_self, "the answer is the kernel port as thread_set_special_port changed it") {
  const mach_port_t self = mach_thread_self();
  const mach_port_t mine = make_port();
  REQUIRE_SUCCESS(thread_set_kernel_port(self, mine));
  EXPECT_EQUAL(mach_thread_self(), mine);
  REQUIRE_SUCCESS(thread_set_kernel_port(self, self));
  EXPECT_EQUAL(mach_thread_self(), self);
}
