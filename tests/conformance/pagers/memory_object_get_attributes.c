#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_object_get_attributes, "a new object: not ready, not cached, copied at once") {
  const struct pager pager = new_pager(1);
  boolean_t ready = TRUE;
  boolean_t cache = TRUE;
  memory_object_copy_strategy_t copy = 99;
  REQUIRE_SUCCESS(memory_object_get_attributes(pager.control, &ready, &cache, &copy));
  EXPECT_EQUAL(ready, FALSE);
  EXPECT_EQUAL(cache, FALSE);
  EXPECT_EQUAL(copy, MEMORY_OBJECT_COPY_NONE);
}

CONFORMS(memory_object_get_attributes, KERN_SUCCESS, "what was set last, by any of the calls") {
  const struct pager pager = ready_pager(1, TRUE, MEMORY_OBJECT_COPY_CALL);
  boolean_t ready, cache;
  memory_object_copy_strategy_t copy;
  EXPECT_SUCCESS(memory_object_get_attributes(pager.control, &ready, &cache, &copy));
  EXPECT(ready && cache && copy == MEMORY_OBJECT_COPY_CALL);
  REQUIRE_SUCCESS(memory_object_change_attributes(pager.control, FALSE,
                                                  MEMORY_OBJECT_COPY_TEMPORARY, MACH_PORT_NULL));
  EXPECT_SUCCESS(memory_object_get_attributes(pager.control, &ready, &cache, &copy));
  EXPECT(ready && !cache && copy == MEMORY_OBJECT_COPY_TEMPORARY);
  REQUIRE_SUCCESS(memory_object_set_attributes(pager.control, FALSE, TRUE,
                                               MEMORY_OBJECT_COPY_DELAY));
  EXPECT_SUCCESS(memory_object_get_attributes(pager.control, &ready, &cache, &copy));
  EXPECT(!ready && cache && copy == MEMORY_OBJECT_COPY_DELAY);
}

CONFORMS(memory_object_get_attributes, "only of a control port") {
  const struct pager pager = plain_pager(1);
  boolean_t ready, cache;
  memory_object_copy_strategy_t copy;
  EXPECT(memory_object_get_attributes(pager.name, &ready, &cache, &copy) != KERN_SUCCESS);
  EXPECT(memory_object_get_attributes(mach_task_self(), &ready, &cache, &copy) != KERN_SUCCESS);
}
