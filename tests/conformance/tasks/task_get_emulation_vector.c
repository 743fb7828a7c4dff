#include "tests/conformance/tasks/emulated.h"

CONFORMS(task_get_emulation_vector, KERN_SUCCESS, "what was set, gaps as zero, from the first number on") {
  emulation_vector_t vector = 0;
  mach_msg_type_number_t count = 0;
  int start = 0;
  unsigned i;
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), 0x2000, 20));
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), 0x3000, -33));
  EXPECT_SUCCESS(task_get_emulation_vector(mach_task_self(), &start, &vector, &count));
  EXPECT_EQUAL(start, -33);
  REQUIRE_EQUAL(count, 54);
  EXPECT_EQUAL(vector[0], 0x3000);
  EXPECT_EQUAL(vector[53], 0x2000);
  for (i = 1; i < 53; i++) EXPECT_EQUAL(vector[i], 0);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), (vm_address_t)vector, count * sizeof(*vector)));
}

CONFORMS(task_get_emulation_vector, "a task without handlers: none") {
  emulation_vector_t vector = 0;
  mach_msg_type_number_t count = 77;
  int start = 77;
  EXPECT_SUCCESS(task_get_emulation_vector(make_empty_task(), &start, &vector, &count));
  EXPECT_EQUAL(count, 0);
}

CONFORMS(task_get_emulation_vector, EML_BAD_TASK, "no task") {
  emulation_vector_t vector;
  mach_msg_type_number_t count;
  int start;
  EXPECT_EQUAL(task_get_emulation_vector(no_task(), &start, &vector, &count), EML_BAD_TASK);
  EXPECT_EQUAL(task_get_emulation_vector(mach_thread_self(), &start, &vector, &count),
               EML_BAD_TASK);
}
