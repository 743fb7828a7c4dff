#include "tests/conformance/pagers/pager.h"

static void check_completion(void) {
  const struct pager pager = plain_pager(4);
  const mach_port_t reply = make_receive();
  struct call done;
  supply(&pager, 0, 4, 1);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, PAGE, 2 * PAGE,
                                            MEMORY_OBJECT_RETURN_ALL, TRUE, VM_PROT_NO_CHANGE,
                                            reply));
  done = expect_call(reply, LOCK_COMPLETED);
  EXPECT_EQUAL(done.object, reply);
  EXPECT_EQUAL(done.control, pager.control);
  EXPECT_EQUAL(done.offset, PAGE);
  EXPECT_EQUAL(done.length, 2 * PAGE);
  EXPECT(is_quiet(pager.object) && is_quiet(reply));
}

CONFORMS(memory_object_lock_completed, "goes to the port that was named, with the range") {
  check_completion();
}

CONFORMS(memory_object_lock_completed, seqnos_memory_object_lock_completed,
         "numbered as the messages to that port are") {
  use_sequence_numbers();
  check_completion();
}

CONFORMS(memory_object_lock_completed, "after everything that is returned, however much that is") {
  enum { PAGES = 50 };
  const struct pager pager = plain_pager(PAGES);
  unsigned page = 0;
  supply(&pager, 0, PAGES, 0);
  for (; page < PAGES; page++) WORD_AT(pager.at + page * PAGE) = 1000 + page;
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGES * PAGE,
                                            MEMORY_OBJECT_RETURN_DIRTY, TRUE, VM_PROT_NO_CHANGE,
                                            pager.object));
  for (page = 0; page < PAGES;) {
    const struct call back = expect_call(pager.object, DATA_RETURN);
    vm_size_t at;
    EXPECT_EQUAL(back.offset, page * PAGE);
    for (at = 0; at < back.length; at += PAGE) EXPECT_EQUAL(WORD_AT(back.data + at), 1000 + page++);
  }
  EXPECT_EQUAL(expect_call(pager.object, LOCK_COMPLETED).length, PAGES * PAGE);
}

CONFORMS(memory_object_lock_completed, "also when nothing was to be done") {
  const struct pager pager = plain_pager(1);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0x40000000u, PAGE,
                                            MEMORY_OBJECT_RETURN_NONE, FALSE, VM_PROT_NO_CHANGE,
                                            pager.object));
  EXPECT_EQUAL(expect_call(pager.object, LOCK_COMPLETED).offset, 0x40000000u);
}

CONFORMS(memory_object_lock_completed, KERN_SUCCESS, "ignored like any other value") {
  answer_with(KERN_FAILURE);
  check_completion();
}
