#include "tests/conformance/pagers/pager.h"

static void check_completion(void) {
  const struct pager pager = plain_pager(1);
  const mach_port_t reply = make_receive();
  int strategy;
  for (strategy = MEMORY_OBJECT_COPY_NONE; strategy <= MEMORY_OBJECT_COPY_TEMPORARY; strategy++) {
    struct call done;
    REQUIRE_SUCCESS(memory_object_change_attributes(pager.control, strategy & 1, strategy, reply));
    done = expect_call(reply, CHANGE_COMPLETED);
    EXPECT_EQUAL(done.object, reply);
    EXPECT_EQUAL(done.may_cache, strategy & 1);
    EXPECT_EQUAL(done.strategy, strategy);
  }
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_object_change_completed, "goes to the port that was named, with the new values") {
  check_completion();
}

CONFORMS(memory_object_change_completed, seqnos_memory_object_change_completed,
         "numbered as the messages to that port are") {
  use_sequence_numbers();
  check_completion();
}

CONFORMS(memory_object_change_completed, "also when the change ends the object, after its end") {
  const struct pager pager = ready_pager(1, TRUE, MEMORY_OBJECT_COPY_DELAY);
  struct call done;
  unmap(&pager);
  EXPECT(is_quiet(pager.object));
  REQUIRE_SUCCESS(memory_object_change_attributes(pager.control, FALSE, MEMORY_OBJECT_COPY_NONE,
                                                  pager.object));
  expect_terminate(&pager);
  done = expect_call(pager.object, CHANGE_COMPLETED);
  EXPECT_EQUAL(done.object, pager.object);
  EXPECT_EQUAL(done.may_cache, FALSE);
  EXPECT_EQUAL(done.strategy, MEMORY_OBJECT_COPY_NONE);
}

CONFORMS(memory_object_change_completed, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_FAILURE);
  check_completion();
}
