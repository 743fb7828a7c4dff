/* Managers that die, wherever they are in the protocol: their clients get exceptions, the others go on. */
#include <mach/mach_traps.h>

#include "tests/conformance/pagers/pager.h"
#include "tests/conformance/support/threads.h"

/* What others do meanwhile: a thread that counts, and a memory object of a manager that lives. */
struct others {
  volatile unsigned counter;
  struct pager pager;
};

static struct others *start_others(void) {
  static struct others others;
  (void)start_counting(&others.counter);
  others.pager = plain_pager(1);
  return &others;
}

static void expect_others_unharmed(struct others *others) {
  struct client client;
  EXPECT(is_counting(&others->counter));
  start_read(&client, others->pager.at);
  expect_request(&others->pager, 0, FOR_READ);
  supply(&others->pager, 0, 1, 4711);
  EXPECT_EQUAL(value_of(&client), 4711);
}

CONFORMS(memory_faults, "a manager that dies before it has seen its first message") {
  struct others *others = start_others();
  const mach_port_t object = make_port();
  const vm_address_t at = map_object(object, 1, 0, FALSE);
  struct client client;
  start_read(&client, at);
  EXPECT(is_waiting(&client));
  kill_port(object);
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_FAILURE);
  EXPECT_EQUAL(try_write(at, 1), KERN_MEMORY_FAILURE);
  expect_others_unharmed(others);
}

CONFORMS(memory_faults, "... after init, without an answer") {
  struct others *others = start_others();
  const struct pager pager = new_pager(1);
  struct client client;
  start_write(&client, pager.at, 1);
  EXPECT(is_waiting(&client));
  kill_port(pager.object);
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_FAILURE);
  expect_others_unharmed(others);
}

CONFORMS(memory_faults, "... with requests to answer, some of them answered") {
  struct others *others = start_others();
  const struct pager pager = plain_pager(3);
  struct client clients[3];
  unsigned i;
  for (i = 0; i < 3; i++) start_read(&clients[i], pager.at + i * PAGE);
  for (i = 0; i < 3; i++) (void)expect_call(pager.object, DATA_REQUEST);
  supply(&pager, 1, 1, 11);
  kill_port(pager.object);
  EXPECT_EQUAL(outcome(&clients[0]), KERN_MEMORY_FAILURE);
  EXPECT_EQUAL(value_of(&clients[1]), 11);
  EXPECT_EQUAL(outcome(&clients[2]), KERN_MEMORY_FAILURE);
  /* Late answers have nobody to serve. */
  supply(&pager, 0, 1, 10);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 11);
  expect_others_unharmed(others);
}

CONFORMS(memory_faults, "... with an unlock to grant: locks end with their manager") {
  struct others *others = start_others();
  const struct pager pager = plain_pager(1);
  struct client client;
  supply_with(&pager, 0, 1, 20, VM_PROT_WRITE, FALSE, MACH_PORT_NULL);
  start_write(&client, pager.at, 21);
  (void)expect_call(pager.object, DATA_UNLOCK);
  kill_port(pager.object);
  EXPECT_SUCCESS(outcome(&client));
  EXPECT_EQUAL(WORD_AT(pager.at), 21);
  expect_others_unharmed(others);
}

CONFORMS(memory_faults, "... with returned pages in its queue; what is resident stays") {
  struct others *others = start_others();
  const struct pager pager = plain_pager(3);
  supply(&pager, 0, 3, 30);
  EXPECT_SUCCESS(try_write(pager.at, 40));
  EXPECT_SUCCESS(try_write(pager.at + PAGE, 41));
  EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_DIRTY,
                                            TRUE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
  kill_port(pager.object);
  EXPECT_EQUAL(try_read(pager.at), KERN_MEMORY_FAILURE);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 41);
  EXPECT_EQUAL(WORD_AT(pager.at + 2 * PAGE), 32);
  unmap(&pager);
  expect_others_unharmed(others);
}

CONFORMS(memory_faults, "... as the manager of a copy, and as that of the original") {
  struct others *others = start_others();
  const struct pager pager = ready_pager(2, FALSE, MEMORY_OBJECT_COPY_CALL);
  struct pager copy;
  struct client client;
  supply(&pager, 0, 2, 50);
  copy.at = map_object(pager.object, 2, 0, TRUE);
  copy.object = expect_call(pager.object, COPY).new_object;
  copy.control = expect_call(copy.object, INIT).control;
  REQUIRE_SUCCESS(memory_object_ready(copy.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  start_read(&client, copy.at);
  (void)expect_call(copy.object, DATA_REQUEST);
  kill_port(copy.object);
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_FAILURE);
  EXPECT_EQUAL(WORD_AT(pager.at), 50);
  kill_port(pager.object);
  EXPECT_EQUAL(WORD_AT(pager.at + PAGE), 51);
  expect_others_unharmed(others);
}

static struct {
  mach_port_t object;
  vm_address_t at;
  volatile int mapped;
} *common;

/* A manager in a task of its own, which takes one request and does not answer. */
static void silent_manager(void *unused) {
  struct call call;
  (void)unused;
  common->object = make_port();
  REQUIRE_SUCCESS(mach_port_insert_right(mach_task_self(), common->object, common->object,
                                         MACH_MSG_TYPE_MAKE_SEND));
  common->mapped = 1;
  call = expect_call(common->object, INIT);
  (void)memory_object_ready(call.control, FALSE, MEMORY_OBJECT_COPY_DELAY);
  (void)expect_call(common->object, DATA_REQUEST);
  common->mapped = 2;
  for (;;) pause_for(1000);
}

CONFORMS(memory_faults, "a manager whose task is terminated") {
  struct others *others = start_others();
  mach_port_t task;
  mach_port_t object = MACH_PORT_NULL;
  struct client client;
  common = shared_memory(PAGE);
  task = start_task(silent_manager, 0, 0);
  REQUIRE(wait_until(&common->mapped, 1, 5000));
  REQUIRE_SUCCESS(mach_port_extract_right(task, common->object, MACH_MSG_TYPE_COPY_SEND, &object,
                                          (mach_msg_type_name_t[1]){0}));
  start_read(&client, map_object(object, 1, 0, FALSE));
  REQUIRE(wait_until(&common->mapped, 2, 5000));
  EXPECT(is_waiting(&client));
  EXPECT_SUCCESS(task_terminate(task));
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_FAILURE);
  expect_others_unharmed(others);
}
