#include "tests/conformance/tasks/emulated.h"

CONFORMS(task_set_emulation, KERN_SUCCESS, "calls of that number go to the routine, others do not") {
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), (vm_address_t)emulated, 20));
  EXPECT_EQUAL(call_by_gate(20), 21);
  EXPECT_EQUAL(call_by_interrupt(20), 21);
  EXPECT_EQUAL(emulated_calls, 2);
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), (vm_address_t)emulated, -13));
  EXPECT_EQUAL(call_by_gate(-13), (unsigned)-12);
  EXPECT(MACH_PORT_VALID((mach_task_self)()));
  EXPECT_EQUAL(emulated_calls, 3);
}

static void call_unhandled(void *number) {
  (void)call_by_interrupt((int)(unsigned)number);
  end_thread();
}

CONFORMS(task_set_emulation, "a number without a routine is handled as without emulation") {
  struct exception_message e;
  const mach_port_t port = make_port();
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), (vm_address_t)emulated, 20));
  (void)start_faulting(call_unhandled, (void *)21, port);
  expect_exception(&e, port);
  EXPECT_EQUAL(e.exception, EXC_BAD_INSTRUCTION);
  EXPECT_EQUAL(e.code, EXC_I386_GPFLT);
}

CONFORMS(task_set_emulation, "zero takes a routine away; a trap is native again") {
  const mach_port_t self = mach_task_self();
  EXPECT_SUCCESS(task_set_emulation(self, (vm_address_t)emulated, -28));
  EXPECT_EQUAL(call_by_gate(-28), (unsigned)-27);
  EXPECT_SUCCESS(task_set_emulation(self, 0, -28));
  EXPECT_EQUAL((mach_task_self)(), self);
}

static volatile int *results;

static void call_in_child(void *unused) {
  (void)unused;
  results[1] = call_by_interrupt(20);
  results[0] = 1;
  for (;;) pause_for(1000);
}

CONFORMS(task_set_emulation, "handlers are inherited; a change in the child does not change the parent") {
  const vm_address_t stack = conformance_stack();
  mach_port_t child;
  mach_port_t thread;
  int start;
  emulation_vector_t vector = 0;
  mach_msg_type_number_t count = 0;
  results = shared_memory(64);
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), (vm_address_t)emulated, 20));
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &child));
  thread = conformance_thread(child, stack, call_in_child, 0);
  REQUIRE_SUCCESS(thread_resume(thread));
  EXPECT(wait_until(results, 1, PATIENCE));
  EXPECT_EQUAL(results[1], 21);
  EXPECT_SUCCESS(task_set_emulation(child, 0, 20));
  EXPECT_EQUAL(call_by_interrupt(20), 21);
  EXPECT_SUCCESS(task_get_emulation_vector(mach_task_self(), &start, &vector, &count));
  EXPECT_EQUAL(vector[20 - start], (unsigned)emulated);
}

CONFORMS(task_set_emulation, EML_BAD_TASK, "no task") {
  EXPECT_EQUAL(task_set_emulation(no_task(), 0x1000, 20), EML_BAD_TASK);
  EXPECT_EQUAL(task_set_emulation(mach_thread_self(), 0x1000, 20), EML_BAD_TASK);
}

CONFORMS(task_set_emulation, EML_BAD_CNT, "a number far from the others, or beyond all") {
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), 0x1000, 20));
  EXPECT_EQUAL(task_set_emulation(mach_task_self(), 0x1000, 1000000), EML_BAD_CNT);
  EXPECT_EQUAL(task_set_emulation(mach_task_self(), 0x1000, -1000000), EML_BAD_CNT);
  EXPECT_EQUAL(task_set_emulation(mach_task_self(), 0x1000, 0x7fffffff), EML_BAD_CNT);
}
