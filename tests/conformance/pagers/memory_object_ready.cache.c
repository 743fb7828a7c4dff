/* Objects that may be cached, when memory becomes short. */
#include "tests/conformance/pagers/default_manager.h"

#define TOO_MANY 9000u
#define PAGES 64u

static struct default_manager manager;
static struct hog hog;

CONFORMS(memory_object_ready, "cached without mappings: clean pages go when memory is short, others come back") {
  const struct pager pager = ready_pager(PAGES, TRUE, MEMORY_OBJECT_COPY_DELAY);
  struct client client;
  vm_address_t at;
  unsigned i;
  time_limit(60000);
  supply(&pager, 0, PAGES, 100);
  for (i = 0; i < PAGES; i += 2) WORD_AT(pager.at + i * PAGE) = 500 + i;
  supply_with(&pager, PAGES, 1, 900, VM_PROT_NONE, TRUE, MACH_PORT_NULL);
  unmap(&pager);
  EXPECT(is_quiet(pager.object));
  become_default_manager(&manager, TOO_MANY);
  start_hog(&hog, TOO_MANY, 1);
  serve_until(&manager, &hog.done);
  EXPECT_EQUAL(hog.wrong, 0);
  /* The modified pages and the precious one; which pages come in one message is the kernel's choice. */
  for (i = 0; i < PAGES / 2 + 1;) {
    const struct call back = expect_call(pager.object, DATA_RETURN);
    const unsigned page = back.offset / PAGE;
    EXPECT_EQUAL(back.kernel_copy, FALSE);
    EXPECT_EQUAL(back.dirty, page != PAGES);
    EXPECT_EQUAL(WORD_AT(back.data), page == PAGES ? 900 : 500 + page);
    i += back.length / PAGE;
  }
  EXPECT(is_quiet(pager.object));
  /* The object itself is still known: no init, but requests. */
  at = map_object(pager.object, PAGES, 0, FALSE);
  for (i = 0; i < 2; i++) {
    start_read(&client, at + i * PAGE);
    expect_request(&pager, i, FOR_READ);
    supply(&pager, i, 1, 300 + i);
    EXPECT_EQUAL(value_of(&client), 300 + i);
  }
}
