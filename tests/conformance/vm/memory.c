#include "tests/conformance/vm/memory.h"

#include <mach/mach_traps.h>

kern_return_t region_at(mach_port_t task, vm_address_t address, struct region *region) {
  region->address = address;
  return vm_region(task, &region->address, &region->size, &region->protection,
                   &region->max_protection, &region->inheritance, &region->shared, &region->name,
                   &region->offset);
}

int is_allocated_in(mach_port_t task, vm_address_t address) {
  struct region region;
  if (region_at(task, address, &region) != KERN_SUCCESS) return 0;
  return region.address <= address && address - region.address < region.size;
}

int is_allocated(vm_address_t address) { return is_allocated_in(mach_task_self(), address); }

vm_address_t new_pages(unsigned count) {
  vm_address_t address = 0;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &address, count * PAGE, TRUE));
  return address;
}

vm_address_t lone_pages(unsigned count) {
  static vm_address_t next = 0x50000000; /* where the kernel puts nothing by itself */
  vm_address_t at = next;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &at, count * PAGE, FALSE));
  next += (count + 16) * PAGE;
  return at;
}

void number_pages(vm_address_t at, unsigned count, unsigned first) {
  unsigned i;
  for (i = 0; i < count; i++) WORD_AT(at + i * PAGE) = first + i;
}

unsigned misnumbered_pages(vm_address_t at, unsigned count, unsigned first) {
  unsigned wrong = 0;
  unsigned i;
  for (i = 0; i < count; i++) wrong += WORD_AT(at + i * PAGE) != first + i;
  return wrong;
}

unsigned nonzero_bytes(vm_address_t at, vm_size_t bytes) {
  unsigned count = 0;
  vm_size_t i;
  for (i = 0; i < bytes; i++) count += ((const unsigned char *)at)[i] != 0;
  return count;
}

void fill_task(mach_port_t task) {
  vm_size_t size = 1u << 31;
  for (; size >= PAGE; size /= 2) {
    vm_address_t address = 0;
    while (vm_allocate(task, &address, size, TRUE) == KERN_SUCCESS) continue;
  }
}

/* ---- Accesses that may fail ---- */

struct access {
  vm_address_t address;
  mach_port_t done; /* gets a message of this id when it went well */
};
#define ACCESS_DONE 7000

static void tell(mach_port_t port) {
  mach_msg_header_t message;
  message.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0);
  message.msgh_remote_port = port;
  message.msgh_local_port = MACH_PORT_NULL;
  message.msgh_id = ACCESS_DONE;
  (void)mach_msg(&message, MACH_SEND_MSG, sizeof(message), 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
  end_thread();
}

static void do_read(void *argument) {
  const struct access *access = argument;
  (void)*(volatile unsigned char *)access->address;
  tell(access->done);
}

static void do_write(void *argument) {
  const struct access *access = argument;
  volatile unsigned char *byte = (volatile unsigned char *)access->address;
  *byte = 0xC3; /* also a return instruction */
  tell(access->done);
}

static void do_call(void *argument) {
  const struct access *access = argument;
  __asm__ volatile("call *%0" ::"r"(access->address) : "memory");
  tell(access->done);
}

static kern_return_t try_access(void (*entry)(void *), vm_address_t address) {
  struct {
    mach_msg_header_t head;
    unsigned words[40];
  } message;
  struct access access = {address, make_port()};
  const mach_port_t thread = make_thread(mach_task_self(), entry, &access);
  kern_return_t result = KERN_SUCCESS;
  REQUIRE_SUCCESS(thread_set_special_port(thread, THREAD_EXCEPTION_PORT, access.done));
  REQUIRE_SUCCESS(thread_resume(thread));
  REQUIRE_EQUAL(mach_msg(&message.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(message),
                         access.done, 10000, MACH_PORT_NULL),
                MACH_MSG_SUCCESS);
  if (message.head.msgh_id != ACCESS_DONE) {
    /* exception_raise: thread, task, exception, code, subcode, a type word before each. */
    EXPECT_EQUAL(message.words[5], EXC_BAD_ACCESS);
    EXPECT_EQUAL(message.words[9] & ~(PAGE - 1), address & ~(PAGE - 1));
    result = (kern_return_t)message.words[7];
    EXPECT(result != KERN_SUCCESS);
    (void)thread_terminate(thread);
    (void)mach_port_deallocate(mach_task_self(), message.head.msgh_remote_port);
  }
  (void)mach_port_deallocate(mach_task_self(), thread);
  (void)mach_port_destroy(mach_task_self(), access.done);
  return result;
}

kern_return_t try_read(vm_address_t address) { return try_access(do_read, address); }
kern_return_t try_write(vm_address_t address) { return try_access(do_write, address); }
kern_return_t try_call(vm_address_t address) { return try_access(do_call, address); }

/* ---- Information ---- */

vm_statistics_data_t statistics_now(void) {
  vm_statistics_data_t now;
  REQUIRE_SUCCESS(vm_statistics(mach_task_self(), &now));
  return now;
}

struct task_basic_info task_info_of(mach_port_t task) {
  struct task_basic_info info;
  mach_msg_type_number_t count = TASK_BASIC_INFO_COUNT;
  REQUIRE_SUCCESS(task_info(task, TASK_BASIC_INFO, (task_info_t)&info, &count));
  return info;
}

struct child {
  void (*entry)(void *);
  void *argument;
  int done;
};

static void child_entry(void *argument) {
  struct child *child = argument;
  (*child->entry)(child->argument);
  child->done = 1;
}

void in_child(void (*entry)(void *), void *argument) {
  struct child *child = shared_memory(sizeof(*child));
  mach_port_t task;
  child->entry = entry;
  child->argument = argument;
  task = start_task(child_entry, child, 0);
  REQUIRE(task != MACH_PORT_NULL);
  REQUIRE(wait_until(&child->done, 1, 10000));
  (void)task_terminate(task);
  (void)mach_port_deallocate(mach_task_self(), task);
}

/* ---- The memory manager ---- */

enum { INIT = 2200, TERMINATE = 2201, DATA_REQUEST = 2203, DATA_RETURN = 2208 };

/* A data word behind its type word; the control port comes first. */
#define WORD(message, n) ((message)[6 + (n)])

static void supply(const struct manager *manager, const unsigned *message) {
  const vm_offset_t offset = WORD(message, 3);
  const vm_size_t size = WORD(message, 5);
  vm_address_t data = 0;
  vm_size_t at;
  if (vm_allocate(mach_task_self(), &data, size, TRUE) != KERN_SUCCESS) return;
  for (at = 0; at < size; at += PAGE)
    WORD_AT(data + at) = manager->contents + (offset + at) / PAGE;
  (void)memory_object_data_supply(WORD(message, 1), offset, data, size, TRUE, VM_PROT_NONE, FALSE,
                                  MACH_PORT_NULL);
}

static void handle(struct manager *manager, const unsigned *message) {
  switch (((const mach_msg_header_t *)message)->msgh_id) {
    case INIT:
      manager->control = WORD(message, 1);
      manager->name = WORD(message, 3);
      (void)memory_object_ready(WORD(message, 1), manager->cache, manager->strategy);
      manager->inits++;
      break;
    case DATA_REQUEST:
      manager->last_offset = WORD(message, 3);
      manager->requests += (int)(WORD(message, 5) / PAGE);
      supply(manager, message);
      break;
    case DATA_RETURN:
      manager->last_offset = WORD(message, 3);
      manager->returns++;
      /* A long descriptor of three words, then the address of the data. */
      (void)vm_deallocate(mach_task_self(), message[13], message[12]);
      break;
    case TERMINATE:
      manager->terminated++;
      break;
    default:
      break;
  }
}

static void manage(void *argument) {
  struct manager *manager = argument;
  unsigned message[64];
  /* It must get memory when others have to wait until it has taken pages back. */
  (void)thread_wire(host_control, mach_thread_self(), TRUE);
  while (mach_msg((mach_msg_header_t *)message, MACH_RCV_MSG, 0, sizeof(message), manager->object,
                  0, MACH_PORT_NULL) == MACH_MSG_SUCCESS)
    handle(manager, message);
  end_thread();
}

void start_manager(struct manager *manager) {
  manager->object = make_port();
  REQUIRE(start_thread(manage, manager) != MACH_PORT_NULL);
}
