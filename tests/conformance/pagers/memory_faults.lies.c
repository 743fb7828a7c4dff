/* Managers that answer what nobody asked, or nonsense: their own objects suffer. */
#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_faults, "wrong sizes and places: the client still waits for its page") {
  const struct pager pager = plain_pager(4);
  const struct pager other = plain_pager(4);
  struct client client;
  start_read(&client, pager.at + PAGE);
  expect_request(&pager, 1, FOR_READ);
  (void)memory_object_data_provided(pager.control, PAGE, numbered_pages(1, 1), 100, VM_PROT_NONE);
  (void)memory_object_data_provided(pager.control, PAGE, numbered_pages(1, 1), 0, VM_PROT_NONE);
  (void)memory_object_data_provided(pager.control, PAGE + 1, numbered_pages(2, 1), 2 * PAGE, 0);
  (void)memory_object_data_provided(pager.control, 0xFFFFF000u, numbered_pages(4, 1), 4 * PAGE, 0);
  (void)memory_object_data_provided(pager.control, PAGE, numbered_pages(2, 1) + 8, PAGE, 0);
  (void)memory_object_data_unavailable(pager.control, PAGE + 4, PAGE);
  (void)memory_object_data_unavailable(pager.control, PAGE, 0);
  (void)memory_object_data_error(pager.control, PAGE + 4, PAGE, 0);
  (void)memory_object_data_error(pager.control, 0xFFFFF000u, 0xFFFFFFFFu, 0);
  supply(&other, 1, 1, 99);
  EXPECT(is_waiting(&client));
  supply(&pager, 1, 1, 12);
  EXPECT_EQUAL(value_of(&client), 12);
}

CONFORMS(memory_faults, "pages far beyond all mappings, many times") {
  const struct pager pager = plain_pager(1);
  struct client client;
  unsigned i;
  for (i = 0; i < 100; i++) supply(&pager, 0x80000 + i * 16, 2, i);
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  supply(&pager, 0, 1, 3);
  EXPECT_EQUAL(value_of(&client), 3);
  unmap(&pager);
  expect_terminate(&pager);
}

CONFORMS(memory_faults, "errors for everything, again and again") {
  const struct pager pager = plain_pager(2);
  struct client client;
  unsigned i;
  supply(&pager, 0, 1, 40);
  for (i = 0; i < 50; i++) {
    start_read(&client, pager.at + PAGE);
    expect_request(&pager, 1, FOR_READ);
    EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, 0xFFFFF000u, (kern_return_t)i));
    EXPECT_EQUAL(outcome(&client), KERN_MEMORY_ERROR);
  }
  EXPECT_EQUAL(WORD_AT(pager.at), 40);
}

CONFORMS(memory_faults, "locks that are never lifted, and lifted by halves") {
  const struct pager pager = plain_pager(1);
  struct client client;
  unsigned i;
  supply_with(&pager, 0, 1, 50, VM_PROT_ALL, FALSE, MACH_PORT_NULL);
  start_write(&client, pager.at, 51);
  for (i = 0; i < 20; i++) {
    (void)expect_call(pager.object, DATA_UNLOCK);
    EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_NONE,
                                              FALSE, i & 1 ? VM_PROT_ALL : VM_PROT_WRITE,
                                              MACH_PORT_NULL));
  }
  EXPECT(is_waiting(&client));
  EXPECT_SUCCESS(thread_terminate(client.thread));
  unmap(&pager);
}

static volatile unsigned written;
static volatile int stop;

static void keep_writing(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  unsigned n = 0;
  while (!stop) {
    if (WORD_AT(at) != n) break;
    WORD_AT(at) = ++n;
    written = n;
  }
  stop = 2;
  end_thread();
}

CONFORMS(memory_faults, "flushes under a client that writes: what is supplied back is what it wrote") {
  const struct pager pager = plain_pager(1);
  unsigned rounds = 0;
  supply(&pager, 0, 1, 0);
  REQUIRE(start_thread(keep_writing, (void *)pager.at) != MACH_PORT_NULL);
  while (rounds < 50) {
    unsigned contents = written;
    struct call call;
    EXPECT_SUCCESS(memory_object_lock_request(pager.control, 0, PAGE, MEMORY_OBJECT_RETURN_ALL,
                                              TRUE, VM_PROT_NO_CHANGE, MACH_PORT_NULL));
    call = next_call(pager.object);
    if (call.id == DATA_RETURN) {
      contents = WORD_AT(call.data);
      (void)vm_deallocate(mach_task_self(), call.data, PAGE);
      call = next_call(pager.object);
    }
    REQUIRE_EQUAL(call.id, DATA_REQUEST);
    supply(&pager, 0, 1, contents);
    rounds++;
    pause_for(10);
  }
  EXPECT_EQUAL(stop, 0);
  stop = 1;
  EXPECT(wait_until(&stop, 2, 1000));
  EXPECT(written > 50);
}

CONFORMS(memory_faults, "attributes that change all the time, nonsense among them") {
  const struct pager pager = plain_pager(1);
  struct client client;
  int i;
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  for (i = -3; i < 20; i++) {
    EXPECT_SUCCESS(memory_object_change_attributes(pager.control, i & 1, i, MACH_PORT_NULL));
    EXPECT_SUCCESS(memory_object_set_attributes(pager.control, i & 1, i & 2, i));
    EXPECT_SUCCESS(memory_object_ready(pager.control, i & 1, i));
  }
  supply(&pager, 0, 1, 7);
  EXPECT_EQUAL(value_of(&client), 7);
}

/* A request to the control port with words of our own behind the header. */
static void send_garbage(mach_port_t control, int id, unsigned kind) {
  struct message m;
  start_message(&m, control, MACH_MSG_TYPE_COPY_SEND, id);
  if (kind == 1) add_ports(&m, &control, 1, MACH_MSG_TYPE_COPY_SEND);
  if (kind >= 2) add_memory(&m, (const void *)numbered_pages(1, 1), PAGE, TRUE);
  if (kind == 3) add_integer(&m, -1);
  if (kind == 4) add_port(&m, control, MACH_MSG_TYPE_COPY_SEND);
  if (kind == 5) {
    /* The layout of data_supply with a page of integers instead of bytes. */
    start_message(&m, control, MACH_MSG_TYPE_COPY_SEND, id);
    add_integer(&m, 0);
    add_memory(&m, (const void *)numbered_pages(1, 1), PAGE, TRUE);
    add_integer(&m, VM_PROT_NONE);
    add_integer(&m, FALSE);
    add_port(&m, MACH_PORT_NULL, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  }
  EXPECT_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
}

CONFORMS(memory_faults, "messages to the control port that are none of its calls") {
  const struct pager pager = plain_pager(1);
  struct client client;
  unsigned kind;
  int id;
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  for (id = 2080; id < 2110; id++)
    for (kind = 0; kind <= 5; kind++) send_garbage(pager.control, id, kind);
  send_garbage(pager.control, TERMINATE, 0);
  send_garbage(pager.name, 2093, 5);
  EXPECT(is_waiting(&client));
  supply(&pager, 0, 1, 8);
  EXPECT_EQUAL(value_of(&client), 8);
}

CONFORMS(memory_faults, "destroyed and mapped anew, with answers to the old object under way") {
  struct pager pager = plain_pager(1);
  unsigned i;
  for (i = 0; i < 20; i++) {
    struct client client;
    start_read(&client, pager.at);
    expect_request(&pager, 0, FOR_READ);
    EXPECT_SUCCESS(memory_object_destroy(pager.control, 0));
    supply(&pager, 0, 1, 1);
    EXPECT_EQUAL(outcome(&client), KERN_MEMORY_FAILURE);
    expect_terminate(&pager);
    EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), pager.control));
    EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), pager.name));
    unmap(&pager);
    pager.at = map_object(pager.object, 1, 0, FALSE);
    pager.control = MACH_PORT_NULL;
    {
      const struct call init = expect_call(pager.object, INIT);
      pager.control = init.control;
      pager.name = init.name;
    }
    EXPECT_SUCCESS(memory_object_ready(pager.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  }
}
