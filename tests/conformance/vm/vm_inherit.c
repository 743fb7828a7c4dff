#include "tests/conformance/vm/memory.h"

static vm_inherit_t inheritance_of(vm_address_t address) {
  struct region region;
  REQUIRE_SUCCESS(region_at(mach_task_self(), address, &region));
  EXPECT(region.address <= address);
  return region.inheritance;
}

static void read_100_write_200(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  EXPECT_EQUAL(misnumbered_pages(at, 4, 100), 0);
  number_pages(at, 4, 200);
}

CONFORMS(vm_inherit, "VM_INHERIT_SHARE: child and parent see what the other writes") {
  const vm_address_t at = new_pages(4);
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, 4 * PAGE, VM_INHERIT_SHARE));
  EXPECT_EQUAL(inheritance_of(at), VM_INHERIT_SHARE);
  number_pages(at, 4, 100);
  in_child(read_100_write_200, (void *)at);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 200), 0);
}

static void share_with_child(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  EXPECT_EQUAL(inheritance_of(at), VM_INHERIT_SHARE);
  in_child(read_100_write_200, argument);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 200), 0);
}

CONFORMS(vm_inherit, "shared memory is shared with grandchildren too, touched before or not") {
  const vm_address_t at = new_pages(4);
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, 4 * PAGE, VM_INHERIT_SHARE));
  WORD_AT(at) = 100;
  number_pages(at, 4, 100);
  in_child(share_with_child, (void *)at);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 200), 0);
}

struct untouched {
  vm_address_t at;
  volatile int step;
};

static void write_untouched(void *argument) {
  struct untouched *u = argument;
  EXPECT_EQUAL(nonzero_bytes(u->at, 3 * PAGE), 0);
  number_pages(u->at, 3, 70);
  u->step = 1;
  EXPECT(wait_until(&u->step, 2, 10000));
  EXPECT_EQUAL(misnumbered_pages(u->at, 3, 80), 0);
}

CONFORMS(vm_inherit, "memory that nobody had touched is shared from the first touch on") {
  struct untouched *u = shared_memory(sizeof(*u));
  mach_port_t task;
  u->at = (vm_address_t)shared_memory(3 * PAGE);
  task = start_task(write_untouched, u, 0);
  REQUIRE(task != MACH_PORT_NULL);
  EXPECT(wait_until(&u->step, 1, 10000));
  EXPECT_EQUAL(misnumbered_pages(u->at, 3, 70), 0);
  number_pages(u->at, 3, 80);
  u->step = 2;
  pause_for(50);
}

CONFORMS(vm_inherit, "VM_INHERIT_COPY: the child has the contents, then each its own") {
  const vm_address_t at = new_pages(4);
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, 4 * PAGE, VM_INHERIT_SHARE));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, 4 * PAGE, VM_INHERIT_COPY));
  EXPECT_EQUAL(inheritance_of(at), VM_INHERIT_COPY);
  number_pages(at, 4, 100);
  in_child(read_100_write_200, (void *)at);
  EXPECT_EQUAL(misnumbered_pages(at, 4, 100), 0);
}

struct snapshot {
  vm_address_t at;
  volatile int step;
};

static void keep_snapshot(void *argument) {
  struct snapshot *s = argument;
  s->step = 1;
  EXPECT(wait_until(&s->step, 2, 10000));
  EXPECT_EQUAL(misnumbered_pages(s->at, 8, 100), 0);
  s->step = 3;
}

CONFORMS(vm_inherit, "VM_INHERIT_COPY: what the parent writes later the child does not see") {
  struct snapshot *s = shared_memory(sizeof(*s));
  s->at = new_pages(8);
  number_pages(s->at, 8, 100);
  REQUIRE(start_task(keep_snapshot, s, 0) != MACH_PORT_NULL);
  EXPECT(wait_until(&s->step, 1, 10000));
  number_pages(s->at, 8, 600);
  s->step = 2;
  EXPECT(wait_until(&s->step, 3, 10000));
  EXPECT_EQUAL(misnumbered_pages(s->at, 8, 600), 0);
}

static void copy_of_shared(void *argument) {
  struct snapshot *s = argument;
  s->step = 1;
  EXPECT(wait_until(&s->step, 2, 10000));
  EXPECT_EQUAL(misnumbered_pages(s->at, 8, 100), 0);
  number_pages(s->at, 8, 900);
  s->step = 3;
}

CONFORMS(vm_inherit, "memory shared with one child can be copied for another") {
  struct snapshot *sharer = shared_memory(sizeof(*sharer));
  struct snapshot *copier = shared_memory(sizeof(*copier));
  const vm_address_t at = (vm_address_t)shared_memory(8 * PAGE);
  sharer->at = copier->at = at;
  number_pages(at, 8, 100);
  REQUIRE(start_task(keep_snapshot, sharer, 0) != MACH_PORT_NULL);
  EXPECT(wait_until(&sharer->step, 1, 10000));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, 8 * PAGE, VM_INHERIT_COPY));
  REQUIRE(start_task(copy_of_shared, copier, 0) != MACH_PORT_NULL);
  EXPECT(wait_until(&copier->step, 1, 10000));
  number_pages(at, 8, 600); /* the sharer sees it, the copy does not */
  copier->step = 2;
  EXPECT(wait_until(&copier->step, 3, 10000));
  EXPECT_EQUAL(misnumbered_pages(at, 8, 600), 0);
  number_pages(at, 8, 100);
  sharer->step = 2;
  EXPECT(wait_until(&sharer->step, 3, 10000));
}

static void has_none(void *argument) {
  const vm_address_t at = (vm_address_t)argument;
  EXPECT(is_allocated(at - PAGE));
  EXPECT(!is_allocated(at) && !is_allocated(at + 2 * PAGE - 1));
  EXPECT(is_allocated(at + 2 * PAGE));
}

CONFORMS(vm_inherit, "VM_INHERIT_NONE: the child has nothing there") {
  const vm_address_t at = new_pages(4) + PAGE;
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, 2 * PAGE, VM_INHERIT_NONE));
  EXPECT_EQUAL(inheritance_of(at), VM_INHERIT_NONE);
  number_pages(at, 2, 100);
  in_child(has_none, (void *)at);
  EXPECT_EQUAL(misnumbered_pages(at, 2, 100), 0);
}

CONFORMS(vm_inherit, "the pages that address and size touch, and no other") {
  const vm_address_t at = new_pages(6);
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at + 2 * PAGE - 1, PAGE + 2, VM_INHERIT_NONE));
  EXPECT_EQUAL(inheritance_of(at), VM_INHERIT_COPY);
  EXPECT_EQUAL(inheritance_of(at + PAGE), VM_INHERIT_NONE);
  EXPECT_EQUAL(inheritance_of(at + 2 * PAGE), VM_INHERIT_NONE);
  EXPECT_EQUAL(inheritance_of(at + 3 * PAGE), VM_INHERIT_NONE);
  EXPECT_EQUAL(inheritance_of(at + 4 * PAGE), VM_INHERIT_COPY);
}

static int two_threads_seen;
static void write_from_thread(void *argument) {
  WORD_AT((vm_address_t)argument) = 4711;
  __atomic_store_n(&two_threads_seen, 1, __ATOMIC_SEQ_CST);
  end_thread();
}

CONFORMS(vm_inherit, "all threads of a task share its memory, whatever the inheritance") {
  const vm_address_t at = new_pages(1);
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, PAGE, VM_INHERIT_NONE));
  (void)start_thread(write_from_thread, (void *)at);
  EXPECT(wait_until(&two_threads_seen, 1, 10000));
  EXPECT_EQUAL(WORD_AT(at), 4711);
}

CONFORMS(vm_inherit, KERN_SUCCESS, "over several regions, in this task and another") {
  const vm_address_t at = new_pages(3);
  mach_port_t task;
  struct region region;
  EXPECT_SUCCESS(vm_protect(mach_task_self(), at + PAGE, PAGE, FALSE, VM_PROT_READ));
  EXPECT_SUCCESS(vm_inherit(mach_task_self(), at, 3 * PAGE, VM_INHERIT_SHARE));
  EXPECT_EQUAL(inheritance_of(at), VM_INHERIT_SHARE);
  EXPECT_EQUAL(inheritance_of(at + PAGE), VM_INHERIT_SHARE);
  REQUIRE_SUCCESS(task_create(mach_task_self(), TRUE, &task));
  EXPECT_SUCCESS(vm_inherit(task, at, 3 * PAGE, VM_INHERIT_NONE));
  REQUIRE_SUCCESS(region_at(task, at, &region));
  EXPECT_EQUAL(region.inheritance, VM_INHERIT_NONE);
  EXPECT_EQUAL(inheritance_of(at), VM_INHERIT_SHARE);
}

CONFORMS(vm_inherit, KERN_INVALID_ADDRESS, "no such address, not allocated, or not all of it") {
  const vm_address_t at = lone_pages(2);
  EXPECT_EQUAL(vm_inherit(mach_task_self(), at - PAGE, PAGE, VM_INHERIT_NONE),
               KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_inherit(mach_task_self(), at, 2 * PAGE + 1, VM_INHERIT_NONE),
               KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_inherit(mach_task_self(), at - 1, PAGE, VM_INHERIT_NONE), KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(inheritance_of(at), VM_INHERIT_COPY);
  EXPECT_EQUAL(vm_inherit(mach_task_self(), USER_END, PAGE, VM_INHERIT_NONE),
               KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_inherit(mach_task_self(), at, 0xFFFFF000, VM_INHERIT_NONE),
               KERN_INVALID_ADDRESS);
  EXPECT_EQUAL(vm_inherit(mach_task_self(), at, PAGE, 3), KERN_INVALID_ARGUMENT);
}
