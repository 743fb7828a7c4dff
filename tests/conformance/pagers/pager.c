#include "tests/conformance/pagers/pager.h"

#include <mach/exception.h>
#include <mach/mach_traps.h>

#include "tests/conformance/support/threads.h"

vm_address_t map_object(mach_port_t object, unsigned pages, vm_offset_t offset, boolean_t copy) {
  vm_address_t at = 0;
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &at, pages * PAGE, 0, TRUE, object, offset, copy,
                         FOR_WRITE, VM_PROT_ALL, VM_INHERIT_SHARE));
  return at;
}

struct pager new_pager(unsigned pages) {
  struct pager pager = {.object = make_port(), .pages = pages};
  struct call init;
  pager.at = map_object(pager.object, pages, 0, FALSE);
  init = expect_call(pager.object, INIT);
  EXPECT_EQUAL(init.object, pager.object);
  pager.control = init.control;
  pager.name = init.name;
  return pager;
}

struct pager ready_pager(unsigned pages, boolean_t may_cache,
                         memory_object_copy_strategy_t strategy) {
  const struct pager pager = new_pager(pages);
  REQUIRE_SUCCESS(memory_object_ready(pager.control, may_cache, strategy));
  return pager;
}

struct pager plain_pager(unsigned pages) {
  return ready_pager(pages, FALSE, MEMORY_OBJECT_COPY_DELAY);
}

void unmap(const struct pager *pager) {
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), pager->at, pager->pages * PAGE));
}

vm_address_t numbered_pages(unsigned count, unsigned first) {
  vm_address_t data = 0;
  unsigned i;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &data, count * PAGE, TRUE));
  for (i = 0; i < count; i++) WORD_AT(data + i * PAGE) = first + i;
  return data;
}

void supply_with(const struct pager *pager, unsigned page, unsigned count, unsigned first,
                 vm_prot_t lock, boolean_t precious, mach_port_t reply) {
  REQUIRE_SUCCESS(memory_object_data_supply(pager->control, page * PAGE,
                                            numbered_pages(count, first), count * PAGE, TRUE, lock,
                                            precious, reply));
}

void supply(const struct pager *pager, unsigned page, unsigned count, unsigned first) {
  supply_with(pager, page, count, first, VM_PROT_NONE, FALSE, MACH_PORT_NULL);
}

void expect_request(const struct pager *pager, unsigned page, vm_prot_t access) {
  const struct call request = expect_call(pager->object, DATA_REQUEST);
  EXPECT_EQUAL(request.object, pager->object);
  EXPECT_EQUAL(request.control, pager->control);
  EXPECT_EQUAL(request.offset / PAGE, page);
  EXPECT_EQUAL(request.length, PAGE);
  EXPECT_EQUAL(request.access, access);
}

void expect_return(const struct pager *pager, unsigned page, unsigned count, unsigned first,
                   boolean_t dirty, boolean_t kernel_copy) {
  const struct call back = expect_call(pager->object, DATA_RETURN);
  unsigned i;
  EXPECT_EQUAL(back.object, pager->object);
  EXPECT_EQUAL(back.offset / PAGE, page);
  EXPECT_EQUAL(back.length, count * PAGE);
  EXPECT_EQUAL(back.dirty, dirty);
  EXPECT_EQUAL(back.kernel_copy, kernel_copy);
  for (i = 0; i < count && i < back.length / PAGE; i++)
    EXPECT_EQUAL(WORD_AT(back.data + i * PAGE), first + i);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), back.data, back.length));
}

void expect_terminate(const struct pager *pager) {
  const struct call end = expect_call(pager->object, TERMINATE);
  EXPECT_EQUAL(end.object, pager->object);
  EXPECT_EQUAL(end.control, pager->control);
  EXPECT_EQUAL(end.name, pager->name);
}

/* ---- Clients ---- */

#define ACCESS_DONE 7000

static void do_access(void *argument) {
  struct client *client = argument;
  mach_msg_header_t message;
  if (client->writes)
    WORD_AT(client->address) = client->value;
  else
    client->value = WORD_AT(client->address);
  message.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0);
  message.msgh_remote_port = client->port;
  message.msgh_local_port = MACH_PORT_NULL;
  message.msgh_id = ACCESS_DONE;
  (void)mach_msg(&message, MACH_SEND_MSG, sizeof(message), 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
  end_thread();
}

static void start_access(struct client *client, vm_address_t address, unsigned value,
                         boolean_t writes) {
  client->address = address;
  client->value = value;
  client->writes = writes;
  client->port = make_port();
  client->thread = start_faulting(do_access, client, client->port);
}

void start_read(struct client *client, vm_address_t address) {
  start_access(client, address, 0, FALSE);
}

void start_write(struct client *client, vm_address_t address, unsigned value) {
  start_access(client, address, value, TRUE);
}

int is_waiting(const struct client *client) {
  pause_for(30);
  return is_empty(client->port) && basic_of(client->thread).run_state == TH_STATE_WAITING;
}

kern_return_t outcome(struct client *client) {
  struct message m;
  kern_return_t code = KERN_SUCCESS;
  REQUIRE_EQUAL(receive_message(&m, client->port), MACH_MSG_SUCCESS);
  if (m.head.msgh_id != ACCESS_DONE) {
    REQUIRE_EQUAL(m.head.msgh_id, 2400);
    EXPECT_EQUAL(word_of(&m, 2), EXC_BAD_ACCESS);
    EXPECT_EQUAL(word_of(&m, 4) & ~(PAGE - 1), client->address & ~(PAGE - 1));
    code = (kern_return_t)word_of(&m, 3);
    EXPECT(code != KERN_SUCCESS);
    (void)thread_terminate(client->thread);
    (void)mach_port_deallocate(mach_task_self(), m.head.msgh_remote_port);
  }
  (void)mach_port_deallocate(mach_task_self(), client->thread);
  (void)mach_port_destroy(mach_task_self(), client->port);
  return code;
}

unsigned value_of(struct client *client) {
  EXPECT_SUCCESS(outcome(client));
  return client->value;
}

kern_return_t try_read(vm_address_t address) {
  struct client client;
  start_read(&client, address);
  return outcome(&client);
}

kern_return_t try_write(vm_address_t address, unsigned value) {
  struct client client;
  start_write(&client, address, value);
  return outcome(&client);
}
