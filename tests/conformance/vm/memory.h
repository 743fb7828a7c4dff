/* Helpers of chapter 4: asking about memory, touching what may not be touched, a memory manager. */
#ifndef TESTS_CONFORMANCE_VM_MEMORY_H_
#define TESTS_CONFORMANCE_VM_MEMORY_H_

#include <mach/exception.h>
#include <mach/mach_host.h>
#include <mach/memory_object_user.h>

#include "tests/conformance/support/conformance.h"

#define PAGE 4096u
/* One past the last address of a task. */
#define USER_END 0xC0000000u

/* What vm_region says. */
struct region {
  vm_address_t address;
  vm_size_t size;
  vm_prot_t protection;
  vm_prot_t max_protection;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t name;
  vm_offset_t offset;
};

kern_return_t region_at(mach_port_t task, vm_address_t address, struct region *region);
/* Whether the page at the address belongs to a region of this task (or another). */
int is_allocated(vm_address_t address);
int is_allocated_in(mach_port_t task, vm_address_t address);

/* Fresh pages anywhere in this task; the case ends without them. */
vm_address_t new_pages(unsigned count);
/* Pages with free pages before and after, also when they have gone, in this task. */
vm_address_t lone_pages(unsigned count);
/* The word at an address. */
#define WORD_AT(address) (*(volatile unsigned *)(address))
/* Gives each of the pages a number of its own, from first on; how many pages are not so. */
void number_pages(vm_address_t at, unsigned count, unsigned first);
unsigned misnumbered_pages(vm_address_t at, unsigned count, unsigned first);
/* How many of the bytes are not zero. */
unsigned nonzero_bytes(vm_address_t at, vm_size_t bytes);
/* Fills pieces of all sizes into the task's address space until less than a page is free. */
void fill_task(mach_port_t task);

/*
 * Reads, writes or calls (an instruction that returns must be there) an address in a thread of its
 * own: KERN_SUCCESS, or the code of the memory exception.
 */
kern_return_t try_read(vm_address_t address);
kern_return_t try_write(vm_address_t address);
kern_return_t try_call(vm_address_t address);

vm_statistics_data_t statistics_now(void);
struct task_basic_info task_info_of(mach_port_t task);

/* Runs entry(argument) in a child task with a copy of this one's memory, to its end. */
void in_child(void (*entry)(void *), void *argument);

/*
 * A memory manager, run by a thread of this task. Page n of every object holds the word
 * contents + n at its start. What is returned to it is counted and thrown away.
 */
struct manager {
  mach_port_t object;  /* send and receive right */
  boolean_t cache;     /* what it answers to memory_object_init */
  memory_object_copy_strategy_t strategy;
  unsigned contents;
  volatile mach_port_t control;
  volatile mach_port_t name;
  volatile int inits;
  volatile int requests;
  volatile int returns;
  volatile int terminated;
  volatile unsigned last_offset; /* of the last request or return */
};

void start_manager(struct manager *manager);

#endif
