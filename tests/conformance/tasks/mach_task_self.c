#include "tests/conformance/support/threads.h"

CONFORMS(mach_task_self, "a send right for the task's own kernel port, one more with every call") {
  const mach_port_t self = (mach_task_self)();
  const unsigned before = refs_of(self, MACH_PORT_RIGHT_SEND);
  EXPECT(MACH_PORT_VALID(self));
  EXPECT_EQUAL((mach_task_self)(), self);
  EXPECT_EQUAL(refs_of(self, MACH_PORT_RIGHT_SEND), before + 1);
  EXPECT_SUCCESS(mach_port_deallocate(self, self));
  EXPECT_EQUAL(task_of(self).suspend_count, 0);
}

CONFORMS(mach_task_self, "mach.h makes it the cached mach_task_self_") {
  const unsigned before = refs_of(mach_task_self_, MACH_PORT_RIGHT_SEND);
  EXPECT_EQUAL(mach_task_self(), mach_task_self_);
  EXPECT_EQUAL(mach_task_self(), (mach_task_self)());
  EXPECT_EQUAL(refs_of(mach_task_self_, MACH_PORT_RIGHT_SEND), before + 1);
}

CONFORMS(mach_task_self, "the answer is the kernel port as task_set_special_port changed it") {
  const mach_port_t self = mach_task_self();
  const mach_port_t mine = make_port();
  REQUIRE_SUCCESS(task_set_kernel_port(self, mine));
  EXPECT_EQUAL((mach_task_self)(), mine);
  REQUIRE_SUCCESS(task_set_kernel_port(self, self));
  EXPECT_EQUAL((mach_task_self)(), self);
}
