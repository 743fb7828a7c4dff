#include "tests/conformance/support/threads.h"

CONFORMS(task_threads, KERN_SUCCESS, "a send right for the kernel port of every thread") {
  const mach_port_t task = make_empty_task();
  thread_array_t list = 0;
  mach_msg_type_number_t count = 77;
  mach_port_t threads[5];
  unsigned i;
  unsigned k;
  for (i = 0; i < 5; i++) REQUIRE_SUCCESS(thread_create(task, &threads[i]));
  EXPECT_SUCCESS(task_threads(task, &list, &count));
  REQUIRE_EQUAL(count, 5);
  for (i = 0; i < 5; i++) {
    unsigned found = 0;
    for (k = 0; k < count; k++) found += list[k] == threads[i];
    EXPECT_EQUAL(found, 1);
    EXPECT_EQUAL(refs_of(threads[i], MACH_PORT_RIGHT_SEND), 2);
  }
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), (vm_address_t)list, count * sizeof(*list)));
}

CONFORMS(task_threads, "none; the calling thread among one's own; ended ones are not listed") {
  const mach_port_t task = make_empty_task();
  thread_array_t list = 0;
  mach_msg_type_number_t count = 77;
  mach_port_t thread;
  EXPECT_SUCCESS(task_threads(task, &list, &count));
  EXPECT_EQUAL(count, 0);
  REQUIRE_SUCCESS(thread_create(task, &thread));
  REQUIRE_SUCCESS(thread_terminate(thread));
  EXPECT_SUCCESS(task_threads(task, &list, &count));
  EXPECT_EQUAL(count, 0);
  EXPECT_SUCCESS(task_threads(mach_task_self(), &list, &count));
  REQUIRE_EQUAL(count, 1);
  EXPECT_EQUAL(list[0], mach_thread_self());
}

CONFORMS(task_threads, "kernel ports, also of threads that have been given another to tell") {
  const mach_port_t task = make_empty_task();
  thread_array_t list = 0;
  mach_msg_type_number_t count = 0;
  mach_port_t thread;
  REQUIRE_SUCCESS(thread_create(task, &thread));
  REQUIRE_SUCCESS(thread_set_kernel_port(thread, make_port()));
  EXPECT_SUCCESS(task_threads(task, &list, &count));
  REQUIRE_EQUAL(count, 1);
  EXPECT_EQUAL(list[0], thread);
}

CONFORMS(task_threads, KERN_INVALID_ARGUMENT, "no task") {
  thread_array_t list;
  mach_msg_type_number_t count;
  EXPECT_EQUAL(task_threads(no_task(), &list, &count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(task_threads(mach_thread_self(), &list, &count), KERN_INVALID_ARGUMENT);
}
