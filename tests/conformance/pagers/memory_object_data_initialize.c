#include "tests/conformance/pagers/default_manager.h"

#define TOO_MANY 9000u

static struct default_manager manager;
static struct hog hog;

static void check_initialize(void) {
  time_limit(60000);
  become_default_manager(&manager, TOO_MANY);
  start_hog(&hog, TOO_MANY, 2);
  serve_until(&manager, &hog.done);
  EXPECT_EQUAL(hog.wrong, 0);
  EXPECT(manager.initializes > 0);
  /* The first contents of a page come so, later ones by data_return. */
  EXPECT(manager.returns > 0);
  EXPECT_EQUAL(manager.second_initializes, 0);
}

CONFORMS(memory_object_data_initialize, "first contents of pages of memory the kernel made") {
  check_initialize();
}

CONFORMS(memory_object_data_initialize, seqnos_memory_object_data_initialize,
         "numbered as the object's messages are") {
  use_sequence_numbers();
  check_initialize();
}

CONFORMS(memory_object_data_initialize, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_FAILURE);
  check_initialize();
}
