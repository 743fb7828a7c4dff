#include "tests/conformance/pagers/pager.h"

/* What a page may be before the request. */
enum state { ABSENT, CLEAN, DIRTY, PRECIOUS, PRECIOUS_DIRTY, STATES };

static int is_dirty(int state) { return state == DIRTY || state == PRECIOUS_DIRTY; }
static int is_precious(int state) { return state == PRECIOUS || state == PRECIOUS_DIRTY; }

/* Page n is in state n; a modified one holds 200 + n, others 100 + n. */
static struct pager pages_of_all_states(void) {
  const struct pager pager = plain_pager(STATES);
  int n;
  for (n = ABSENT + 1; n < STATES; n++) {
    supply_with(&pager, (unsigned)n, 1, 100 + (unsigned)n, VM_PROT_NONE, is_precious(n),
                MACH_PORT_NULL);
    if (is_dirty(n)) EXPECT_SUCCESS(try_write(pager.at + (unsigned)n * PAGE, 200 + (unsigned)n));
  }
  return pager;
}

static unsigned contents(int n) { return (is_dirty(n) ? 200u : 100u) + (unsigned)n; }

/* What the page holds for who reads it now; it may be asked of the manager, who has 300 + n. */
static void expect_page(const struct pager *pager, int n, int is_cached, vm_prot_t lock) {
  struct client client;
  start_read(&client, pager->at + (unsigned)n * PAGE);
  if (!is_cached) {
    expect_request(pager, (unsigned)n, FOR_READ);
    supply(pager, (unsigned)n, 1, 300 + (unsigned)n);
    EXPECT_EQUAL(value_of(&client), 300 + (unsigned)n);
    return;
  }
  if (lock != VM_PROT_NO_CHANGE && (lock & VM_PROT_READ)) {
    EXPECT_EQUAL(expect_call(pager->object, DATA_UNLOCK).offset, (unsigned)n * PAGE);
    EXPECT_SUCCESS(memory_object_lock_request(pager->control, (unsigned)n * PAGE, PAGE,
                                              MEMORY_OBJECT_RETURN_NONE, FALSE, lock & VM_PROT_WRITE,
                                              MACH_PORT_NULL));
  }
  EXPECT_EQUAL(value_of(&client), contents(n));
  start_write(&client, pager->at + (unsigned)n * PAGE, 5);
  if (lock != VM_PROT_NO_CHANGE && (lock & VM_PROT_WRITE)) {
    EXPECT_EQUAL(expect_call(pager->object, DATA_UNLOCK).offset, (unsigned)n * PAGE);
    EXPECT_SUCCESS(memory_object_lock_request(pager->control, (unsigned)n * PAGE, PAGE,
                                              MEMORY_OBJECT_RETURN_NONE, FALSE, VM_PROT_NONE,
                                              MACH_PORT_NULL));
  }
  EXPECT_SUCCESS(outcome(&client));
}

static void check_request(memory_object_return_t should_return, boolean_t flush, vm_prot_t lock) {
  const struct pager pager = pages_of_all_states();
  int n;
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, STATES * PAGE, should_return, flush,
                                            lock, pager.object));
  for (n = ABSENT + 1; n < STATES; n++) {
    const int back = should_return != MEMORY_OBJECT_RETURN_NONE &&
                     (is_dirty(n) ||
                      (should_return == MEMORY_OBJECT_RETURN_ALL && is_precious(n)));
    if (back) expect_return(&pager, (unsigned)n, 1, contents(n), is_dirty(n), !flush);
  }
  (void)expect_call(pager.object, LOCK_COMPLETED);
  for (n = ABSENT; n < STATES; n++) expect_page(&pager, n, n != ABSENT && !flush, lock);
  EXPECT(is_quiet(pager.object));
}

static void check_locks(memory_object_return_t should_return, boolean_t flush) {
  static const vm_prot_t locks[] = {VM_PROT_NO_CHANGE,
                                    VM_PROT_NONE,
                                    VM_PROT_READ,
                                    VM_PROT_WRITE,
                                    VM_PROT_EXECUTE,
                                    VM_PROT_READ | VM_PROT_WRITE,
                                    VM_PROT_ALL};
  unsigned i;
  time_limit(60000);
  for (i = 0; i < sizeof(locks) / sizeof(locks[0]); i++)
    check_request(should_return, flush, locks[i]);
}

CONFORMS(memory_object_lock_request, "no return, no flush: every lock, on pages of every state") {
  check_locks(MEMORY_OBJECT_RETURN_NONE, FALSE);
}

CONFORMS(memory_object_lock_request, "no return, flush: everything is discarded") {
  check_locks(MEMORY_OBJECT_RETURN_NONE, TRUE);
}

CONFORMS(memory_object_lock_request, "return of dirty pages, which stay") {
  check_locks(MEMORY_OBJECT_RETURN_DIRTY, FALSE);
}

CONFORMS(memory_object_lock_request, "return of dirty pages and flush: precious ones are discarded") {
  check_locks(MEMORY_OBJECT_RETURN_DIRTY, TRUE);
}

CONFORMS(memory_object_lock_request, "return of all, which stay") {
  check_locks(MEMORY_OBJECT_RETURN_ALL, FALSE);
}

CONFORMS(memory_object_lock_request, "return of all and flush") {
  check_locks(MEMORY_OBJECT_RETURN_ALL, TRUE);
}

CONFORMS(memory_object_lock_request, "pages that were returned and stay are clean, and still precious") {
  const struct pager pager = plain_pager(2);
  supply_with(&pager, 0, 2, 10, VM_PROT_NONE, TRUE, MACH_PORT_NULL);
  EXPECT_SUCCESS(try_write(pager.at, 20));
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, 2 * PAGE, MEMORY_OBJECT_RETURN_ALL,
                                            FALSE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  expect_return(&pager, 0, 1, 20, TRUE, TRUE);
  expect_return(&pager, 1, 1, 11, FALSE, TRUE);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, 2 * PAGE, MEMORY_OBJECT_RETURN_DIRTY,
                                            FALSE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  EXPECT(is_quiet(pager.object));
  EXPECT_SUCCESS(try_write(pager.at + PAGE, 21));
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, 2 * PAGE, MEMORY_OBJECT_RETURN_ALL,
                                            TRUE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  expect_return(&pager, 0, 1, 20, FALSE, FALSE);
  expect_return(&pager, 1, 1, 21, TRUE, FALSE);
}

CONFORMS(memory_object_lock_request, "affects only the range, and what is cached now") {
  const struct pager pager = plain_pager(4);
  struct client client;
  supply(&pager, 0, 3, 10);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, PAGE, 3 * PAGE,
                                            MEMORY_OBJECT_RETURN_NONE, FALSE, VM_PROT_ALL,
                                            MACH_PORT_NULL));
  EXPECT_EQUAL(WORD_AT(pager.at), 10);
  /* Not locked: it was not there. */
  supply(&pager, 3, 1, 13);
  EXPECT_EQUAL(WORD_AT(pager.at + 3 * PAGE), 13);
  /* Nor one that is being asked for. */
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 3 * PAGE, PAGE,
                                            MEMORY_OBJECT_RETURN_NONE, TRUE, VM_PROT_NO_CHANGE,
                                            MACH_PORT_NULL));
  start_read(&client, pager.at + 3 * PAGE);
  expect_request(&pager, 3, FOR_READ);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 3 * PAGE, PAGE,
                                            MEMORY_OBJECT_RETURN_ALL, TRUE, VM_PROT_ALL,
                                            pager.object));
  (void)expect_call(pager.object, LOCK_COMPLETED);
  EXPECT(is_waiting(&client));
  supply(&pager, 3, 1, 14);
  EXPECT_EQUAL(value_of(&client), 14);
}

CONFORMS(memory_object_lock_request, "a flush revokes the page from all who have it mapped") {
  const struct pager pager = plain_pager(1);
  const vm_address_t again = map_object(pager.object, 1, 0, FALSE);
  struct client client;
  supply(&pager, 0, 1, 1);
  EXPECT_SUCCESS(try_write(pager.at, 2));
  EXPECT_SUCCESS(try_write(again, 3));
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_DIRTY,
                                            TRUE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  expect_return(&pager, 0, 1, 3, TRUE, FALSE);
  start_read(&client, again);
  expect_request(&pager, 0, FOR_READ);
  supply(&pager, 0, 1, 4);
  EXPECT_EQUAL(value_of(&client), 4);
  EXPECT_EQUAL(WORD_AT(pager.at), 4);
}

CONFORMS(memory_object_lock_request, KERN_SUCCESS, "the message is sent; only that can fail") {
  const struct pager pager = plain_pager(1);
  const mach_port_t reply = make_receive();
  supply(&pager, 0, 1, 44);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, 3, TRUE, VM_PROT_NO_CHANGE,
                                            reply));
  EXPECT_EQUAL(expect_notification(reply, MACH_NOTIFY_SEND_ONCE), 0);
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 7, PAGE, MEMORY_OBJECT_RETURN_NONE,
                                            TRUE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_NONE,
                                            TRUE, 0x30, MACH_PORT_NULL));
  EXPECT_EQUAL(WORD_AT(pager.at), 44);
  EXPECT_EQUAL(memory_object_lock_request(MACH_PORT_NULL, 0, PAGE, MEMORY_OBJECT_RETURN_NONE, TRUE,
                                          VM_PROT_NO_CHANGE, MACH_PORT_NULL),
               MACH_SEND_INVALID_DEST);
}
