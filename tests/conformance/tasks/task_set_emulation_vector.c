#include "tests/conformance/tasks/emulated.h"

CONFORMS(task_set_emulation_vector, KERN_SUCCESS, "each element handles its number") {
  vm_offset_t vector[3] = {(vm_offset_t)emulated, 0, (vm_offset_t)emulated};
  EXPECT_SUCCESS(task_set_emulation_vector(mach_task_self(), 100, vector, 3));
  EXPECT_EQUAL(call_by_gate(100), 101);
  EXPECT_EQUAL(call_by_interrupt(102), 103);
  EXPECT_EQUAL(emulated_calls, 2);
}

CONFORMS(task_set_emulation_vector, "a second vector is added to the first; where they overlap it counts") {
  vm_offset_t first[4] = {1, 2, 3, 4};
  vm_offset_t second[3] = {30, 0, 50};
  emulation_vector_t vector = 0;
  mach_msg_type_number_t count = 0;
  static const unsigned expected[7] = {1, 2, 30, 0, 50, 0, 9};
  int start = 0;
  unsigned i;
  EXPECT_SUCCESS(task_set_emulation_vector(mach_task_self(), -1, first, 4));
  EXPECT_SUCCESS(task_set_emulation_vector(mach_task_self(), 1, second, 3));
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), 9, 5));
  EXPECT_SUCCESS(task_get_emulation_vector(mach_task_self(), &start, &vector, &count));
  EXPECT_EQUAL(start, -1);
  REQUIRE_EQUAL(count, 7);
  for (i = 0; i < 7; i++) EXPECT_EQUAL(vector[i], expected[i]);
}

CONFORMS(task_set_emulation_vector, "a long vector; one of no elements changes nothing") {
  static vm_offset_t vector[1000];
  unsigned i;
  for (i = 0; i < 1000; i++) vector[i] = (vm_offset_t)emulated;
  EXPECT_SUCCESS(task_set_emulation_vector(mach_task_self(), 1, vector, 1000));
  EXPECT_EQUAL(call_by_interrupt(1), 2);
  EXPECT_EQUAL(call_by_interrupt(1000), 1001);
  EXPECT_SUCCESS(task_set_emulation_vector(mach_task_self(), 1, vector, 0));
  EXPECT_EQUAL(call_by_interrupt(500), 501);
}

CONFORMS(task_set_emulation_vector, "children inherit the handlers") {
  vm_offset_t set[2] = {7, 8};
  emulation_vector_t vector = 0;
  mach_msg_type_number_t count = 0;
  mach_port_t child;
  int start = 0;
  EXPECT_SUCCESS(task_set_emulation_vector(mach_task_self(), 5, set, 2));
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &child));
  EXPECT_SUCCESS(task_get_emulation_vector(child, &start, &vector, &count));
  EXPECT_EQUAL(start, 5);
  REQUIRE_EQUAL(count, 2);
  EXPECT_EQUAL(vector[0], 7);
  EXPECT_EQUAL(vector[1], 8);
}

CONFORMS(task_set_emulation_vector, EML_BAD_TASK, "no task") {
  vm_offset_t vector[1] = {0x1000};
  EXPECT_EQUAL(task_set_emulation_vector(no_task(), 1, vector, 1), EML_BAD_TASK);
  EXPECT_EQUAL(task_set_emulation_vector(mach_thread_self(), 1, vector, 1), EML_BAD_TASK);
}

CONFORMS(task_set_emulation_vector, EML_BAD_CNT, "numbers out of range, too many of them") {
  static vm_offset_t vector[5000];
  EXPECT_EQUAL(task_set_emulation_vector(mach_task_self(), 0x7ffffff0, vector, 100), EML_BAD_CNT);
  EXPECT_EQUAL(task_set_emulation_vector(mach_task_self(), 0, vector, 5000), EML_BAD_CNT);
  EXPECT_SUCCESS(task_set_emulation(mach_task_self(), 0x1000, 0));
  EXPECT_EQUAL(task_set_emulation_vector(mach_task_self(), 100000, vector, 10), EML_BAD_CNT);
}
