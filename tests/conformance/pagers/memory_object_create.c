#include "tests/conformance/pagers/default_manager.h"

/* Pages of half the memory over what the machine has. */
#define TOO_MANY 9000u

static struct default_manager manager;
static struct hog hog;

static void check_create(void) {
  time_limit(60000);
  become_default_manager(&manager, TOO_MANY);
  start_hog(&hog, TOO_MANY, 1);
  serve_until(&manager, &hog.done);
  EXPECT_EQUAL(hog.wrong, 0);
  EXPECT(manager.creates >= 1);
  EXPECT_EQUAL(manager.create.object, manager.port);
  EXPECT_EQUAL(manager.create.size, TOO_MANY * PAGE);
  EXPECT_EQUAL(manager.create.page_size, vm_page_size);
  EXPECT(type_of(manager.create.new_object) & MACH_PORT_TYPE_RECEIVE);
  EXPECT(type_of(manager.create.control) & MACH_PORT_TYPE_SEND);
  EXPECT(type_of(manager.create.name) & MACH_PORT_TYPE_SEND);
}

CONFORMS(memory_object_create, "kernel-made memory that has to go: to the default manager") {
  check_create();
}

CONFORMS(memory_object_create, seqnos_memory_object_create,
         "numbered as the messages to the default manager are") {
  use_sequence_numbers();
  check_create();
}

CONFORMS(memory_object_create, "no answer is needed; only pages that were written are asked for again") {
  check_create();
  EXPECT(manager.initializes > 0 && manager.requests > 0);
  EXPECT_EQUAL(manager.terminates, 0);
  /* The end of the memory is the end of the object. */
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), hog.at, TOO_MANY * PAGE));
  hog.done = 0;
  while (manager.terminates == 0) {
    const struct call call = next_call(manager.set);
    REQUIRE(call.id != 0);
    if (call.id == TERMINATE) manager.terminates++;
  }
  EXPECT(type_of(manager.create.control) & MACH_PORT_TYPE_RECEIVE);
}

CONFORMS(memory_object_create, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_RESOURCE_SHORTAGE);
  check_create();
}
