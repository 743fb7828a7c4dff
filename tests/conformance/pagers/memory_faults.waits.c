/* Managers that are slow or never answer: waiting for them can be ended. */
#include <mach/mach_traps.h>

#include "tests/conformance/pagers/pager.h"
#include "tests/conformance/support/threads.h"

CONFORMS(memory_faults, "a slow manager: its clients wait, the others go on") {
  const struct pager pager = plain_pager(1);
  volatile unsigned counter = 0;
  struct client client;
  (void)start_counting(&counter);
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  pause_for(3000);
  EXPECT(is_empty(client.port));
  EXPECT(is_counting(&counter));
  supply(&pager, 0, 1, 5);
  EXPECT_EQUAL(value_of(&client), 5);
}

static volatile int escaped;

static void escape(void) {
  escaped = 1;
  end_thread();
}

CONFORMS(memory_faults, "no answer: thread_abort, and the thread goes on elsewhere") {
  const struct pager pager = plain_pager(1);
  struct client client;
  struct i386_thread_state state;
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  REQUIRE_SUCCESS(thread_suspend(client.thread));
  REQUIRE_SUCCESS(thread_abort(client.thread));
  state = registers_of(client.thread);
  state.eip = (unsigned)escape;
  set_registers(client.thread, state);
  REQUIRE_SUCCESS(thread_resume(client.thread));
  EXPECT(wait_until(&escaped, 1, 2000));
  EXPECT(is_quiet(pager.object));
}

CONFORMS(memory_faults, "no answer: thread_abort alone repeats the access, which waits again") {
  const struct pager pager = plain_pager(1);
  struct client client;
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  REQUIRE_SUCCESS(thread_abort(client.thread));
  EXPECT(is_waiting(&client));
  supply(&pager, 0, 1, 6);
  EXPECT_EQUAL(value_of(&client), 6);
}

CONFORMS(memory_faults, "no answer: thread_terminate") {
  const struct pager pager = plain_pager(1);
  const struct pager never_ready = new_pager(1);
  struct client one, two;
  start_read(&one, pager.at);
  expect_request(&pager, 0, FOR_READ);
  start_read(&two, never_ready.at);
  EXPECT(is_waiting(&two));
  EXPECT_SUCCESS(thread_terminate(one.thread));
  EXPECT_SUCCESS(thread_terminate(two.thread));
  pause_for(50);
  EXPECT(!(type_of(one.thread) & MACH_PORT_TYPE_SEND));
  EXPECT(!(type_of(two.thread) & MACH_PORT_TYPE_SEND));
}

static vm_address_t *shared_address;

static void read_for_ever(void *unused) {
  (void)unused;
  shared_address[1] = WORD_AT(shared_address[0]);
  for (;;) pause_for(1000);
}

CONFORMS(memory_faults, "no answer: task_terminate; with the last mapping the object ends") {
  struct pager pager = plain_pager(1);
  mach_port_t task;
  shared_address = shared_memory(PAGE);
  shared_address[0] = pager.at;
  task = start_task(read_for_ever, 0, 0);
  expect_request(&pager, 0, FOR_READ);
  EXPECT_SUCCESS(task_terminate(task));
  EXPECT(is_quiet(pager.object));
  unmap(&pager);
  expect_terminate(&pager);
}

struct reader {
  vm_address_t at;
  volatile int done;
  volatile kern_return_t result;
};

static void send_from(void *argument) {
  struct reader *reader = argument;
  reader->result = mach_msg((mach_msg_header_t *)reader->at, MACH_SEND_MSG | MACH_SEND_INTERRUPT, 64,
                            0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
  reader->done = 1;
  end_thread();
}

CONFORMS(memory_faults, "no answer to the kernel's own access: thread_abort ends it with an error") {
  const struct pager pager = plain_pager(1);
  static struct reader reader;
  mach_port_t thread;
  reader.at = pager.at;
  thread = start_thread(send_from, &reader);
  expect_request(&pager, 0, FOR_READ);
  pause_for(30);
  EXPECT(!reader.done);
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT(wait_until(&reader.done, 1, 2000));
  EXPECT_EQUAL(reader.result, MACH_SEND_INTERRUPTED);
}

static void read_memory(void *argument) {
  struct reader *reader = argument;
  vm_offset_t data = 0;
  mach_msg_type_number_t size = 0;
  reader->result = vm_read(mach_task_self(), reader->at, PAGE, &data, &size);
  reader->done = 1;
  end_thread();
}

CONFORMS(memory_faults, "no answer to a copy that is made at once: thread_abort, or an error, ends it") {
  const struct pager pager = ready_pager(1, FALSE, MEMORY_OBJECT_COPY_NONE);
  static struct reader one, two;
  mach_port_t thread;
  one.at = two.at = pager.at;
  thread = start_thread(read_memory, &one);
  expect_request(&pager, 0, FOR_READ);
  EXPECT_SUCCESS(thread_abort(thread));
  EXPECT(wait_until(&one.done, 1, 2000));
  EXPECT(one.result != KERN_SUCCESS);
  REQUIRE(start_thread(read_memory, &two) != MACH_PORT_NULL);
  pause_for(30);
  EXPECT(!two.done);
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, PAGE, 0));
  EXPECT(wait_until(&two.done, 1, 2000));
  EXPECT_EQUAL(two.result, KERN_MEMORY_ERROR);
}

static void supply_own_memory(void *argument) {
  const struct pager *pager = argument;
  (void)memory_object_data_supply(pager[0].control, 0, pager[1].at, PAGE, FALSE, VM_PROT_NONE,
                                  FALSE, MACH_PORT_NULL);
  end_thread();
}

CONFORMS(memory_faults, "a manager that supplies memory nobody provides waits for itself, and only it") {
  static struct pager pagers[2];
  volatile unsigned counter = 0;
  struct client client;
  mach_port_t thread;
  pagers[0] = plain_pager(1);
  pagers[1] = plain_pager(1);
  (void)start_counting(&counter);
  start_read(&client, pagers[0].at);
  expect_request(&pagers[0], 0, FOR_READ);
  thread = start_thread(supply_own_memory, pagers);
  expect_request(&pagers[1], 0, FOR_READ);
  EXPECT(is_waiting(&client));
  EXPECT(is_counting(&counter));
  EXPECT_SUCCESS(thread_terminate(thread));
  /* What could not be read is an error for who waits. */
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_ERROR);
}
