#include "tests/conformance/pagers/default_manager.h"

#include <mach/mach_traps.h>

#include "tests/conformance/support/threads.h"

#define MOST_PAGES 24576u

/* Of the hog's object: first word plus one; zero: never seen. */
static unsigned kept[MOST_PAGES];

/* Pages of other objects, kept whole: something of the tasks' that was not wired. */
static struct {
  mach_port_t object;
  vm_offset_t offset;
  vm_address_t data;
} others[128];
static unsigned other_count;

static void wire_task(mach_port_t task) {
  vm_address_t address = 0;
  vm_size_t size;
  vm_prot_t protection, maximum;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t name;
  vm_offset_t offset;
  for (; vm_region(task, &address, &size, &protection, &maximum, &inheritance, &shared, &name,
                   &offset) == KERN_SUCCESS;
       address += size)
    REQUIRE_SUCCESS(vm_wire(host_control, task, address, size, protection));
}

/*
 * All memory that there is: the manager must not wait for itself, and the runner must not lose pages to a
 * manager that ends with its case.
 */
static void wire_everything(void) {
  task_array_t tasks = 0;
  mach_msg_type_number_t count = 0;
  mach_msg_type_number_t i;
  REQUIRE_SUCCESS(processor_set_tasks(set_control(), &tasks, &count));
  for (i = 0; i < count; i++) wire_task(tasks[i]);
}

void become_default_manager(struct default_manager *manager, unsigned pages) {
  mach_port_t port = make_port();
  manager->hog_size = pages * PAGE;
  manager->port = port;
  manager->set = make_set();
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), port, manager->set));
  wire_everything();
  REQUIRE_SUCCESS(thread_wire(host_control, mach_thread_self(), TRUE));
  REQUIRE_SUCCESS(vm_set_default_memory_manager(host_control, &port));
}

static void keep_other(const struct call *call) {
  vm_size_t at;
  REQUIRE_SUCCESS(vm_wire(host_control, mach_task_self(), call->data, call->length, FOR_WRITE));
  for (at = 0; at < call->length; at += PAGE) {
    REQUIRE(other_count < sizeof(others) / sizeof(others[0]));
    others[other_count].object = call->object;
    others[other_count].offset = call->offset + at;
    others[other_count++].data = call->data + at;
  }
}

static void provide_other(const struct call *call) {
  unsigned i = other_count;
  while (i-- != 0) {
    if (others[i].object != call->object || others[i].offset != call->offset) continue;
    REQUIRE_SUCCESS(memory_object_data_supply(call->control, call->offset, others[i].data, PAGE,
                                              FALSE, VM_PROT_NONE, FALSE, MACH_PORT_NULL));
    return;
  }
  REQUIRE_SUCCESS(memory_object_data_unavailable(call->control, call->offset, PAGE));
}

static void keep(struct default_manager *manager, const struct call *call) {
  vm_size_t at;
  if (call->object != manager->create.new_object) return keep_other(call);
  for (at = 0; at < call->length; at += PAGE) {
    const unsigned page = (call->offset + at) / PAGE;
    REQUIRE(page < MOST_PAGES);
    if (call->id == DATA_INITIALIZE && kept[page] != 0)
      manager->second_initializes++;
    else
      kept[page] = WORD_AT(call->data + at) + 1;
  }
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), call->data, call->length));
}

static void provide(const struct default_manager *manager, const struct call *call) {
  const unsigned page = call->offset / PAGE;
  if (call->object != manager->create.new_object) return provide_other(call);
  REQUIRE(page < MOST_PAGES);
  if (kept[page] == 0)
    EXPECT_SUCCESS(memory_object_data_unavailable(call->control, call->offset, PAGE));
  else
    EXPECT_SUCCESS(memory_object_data_supply(call->control, call->offset,
                                             numbered_pages(1, kept[page] - 1), PAGE, TRUE,
                                             VM_PROT_NONE, FALSE, MACH_PORT_NULL));
}

static void handle(struct default_manager *manager, const struct call *call) {
  struct call page;
  vm_offset_t end;
  switch (call->id) {
    case CREATE:
      if (call->size == manager->hog_size) manager->create = *call;
      manager->creates++;
      REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), call->new_object, manager->set));
      return;
    case DATA_INITIALIZE:
      manager->initializes++;
      keep(manager, call);
      break;
    case DATA_RETURN:
      manager->returns++;
      keep(manager, call);
      break;
    case DATA_REQUEST:
      manager->requests++;
      for (page = *call, end = call->offset + call->length; page.offset < end; page.offset += PAGE)
        provide(manager, &page);
      break;
    case TERMINATE:
      manager->terminates++;
      return;
    default:
      REQUIRE_EQUAL(call->id, DATA_REQUEST);
  }
  (void)mach_port_deallocate(mach_task_self(), call->control);
}

void serve_until(struct default_manager *manager, const volatile int *done) {
  while (!*done) {
    const struct call call = call_soon(manager->set);
    if (call.id != 0) handle(manager, &call);
  }
}

static void use_memory(void *argument) {
  struct hog *hog = argument;
  unsigned round, i;
  for (i = 0; i < hog->pages; i++) WORD_AT(hog->at + i * PAGE) = i;
  for (round = 0; round < hog->rounds; round++) {
    for (i = 0; i < hog->pages; i++) {
      hog->wrong += WORD_AT(hog->at + i * PAGE) != i + round;
      WORD_AT(hog->at + i * PAGE) = i + round + 1;
    }
  }
  hog->done = 1;
  end_thread();
}

void start_hog(struct hog *hog, unsigned pages, unsigned rounds) {
  mach_port_t thread;
  hog->pages = pages;
  hog->rounds = rounds;
  thread = make_thread(mach_task_self(), use_memory, hog);
  REQUIRE(thread != MACH_PORT_NULL);
  wire_task(mach_task_self()); /* its stack: the manager knows one object only */
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &hog->at, pages * PAGE, TRUE));
  REQUIRE_SUCCESS(thread_resume(thread));
}
