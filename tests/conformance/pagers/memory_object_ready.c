#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_object_ready, "requests are made from then on, and the attributes hold") {
  int strategy;
  for (strategy = MEMORY_OBJECT_COPY_NONE; strategy <= MEMORY_OBJECT_COPY_TEMPORARY; strategy++) {
    const struct pager pager = new_pager(1);
    boolean_t ready, cache;
    memory_object_copy_strategy_t copy;
    struct client client;
    REQUIRE_SUCCESS(memory_object_get_attributes(pager.control, &ready, &cache, &copy));
    EXPECT(!ready);
    EXPECT_SUCCESS(memory_object_ready(pager.control, strategy & 1, strategy));
    REQUIRE_SUCCESS(memory_object_get_attributes(pager.control, &ready, &cache, &copy));
    EXPECT(ready);
    EXPECT_EQUAL(cache, strategy & 1);
    EXPECT_EQUAL(copy, strategy);
    start_read(&client, pager.at);
    expect_request(&pager, 0, FOR_READ);
    supply(&pager, 0, 1, 3);
    EXPECT_EQUAL(value_of(&client), 3);
  }
}

CONFORMS(memory_object_ready, "a strategy that is none changes nothing") {
  const struct pager pager = new_pager(1);
  boolean_t ready, cache;
  memory_object_copy_strategy_t copy;
  EXPECT_SUCCESS(memory_object_ready(pager.control, TRUE, 4));
  EXPECT_SUCCESS(memory_object_ready(pager.control, TRUE, -1));
  REQUIRE_SUCCESS(memory_object_get_attributes(pager.control, &ready, &cache, &copy));
  EXPECT(!ready && !cache);
}

CONFORMS(memory_object_ready, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = new_pager(1);
  EXPECT_SUCCESS(memory_object_ready(pager.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  unmap(&pager);
  expect_terminate(&pager);
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), pager.control));
  EXPECT_EQUAL(memory_object_ready(pager.control, FALSE, MEMORY_OBJECT_COPY_DELAY),
               MACH_SEND_INVALID_DEST);
}
