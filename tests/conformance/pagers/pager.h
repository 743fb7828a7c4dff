/*
 * Chapter 5: the case plays the memory manager, message by message, and starts threads whose accesses
 * to its memory wait for what it does.
 */
#ifndef TESTS_CONFORMANCE_PAGERS_PAGER_H_
#define TESTS_CONFORMANCE_PAGERS_PAGER_H_

#include <mach/mach_host.h>
#include <mach/memory_object_server.h>
#include <mach/memory_object_user.h>

#include "tests/conformance/support/conformance.h"
#include "tests/conformance/support/messages.h"

#define PAGE 4096u
#define WORD_AT(address) (*(volatile unsigned *)(address))

/* ---- What the kernel calls ---- */

enum {
  INIT = 2200,
  TERMINATE,
  COPY,
  DATA_REQUEST,
  DATA_UNLOCK,
  DATA_WRITE,
  LOCK_COMPLETED,
  SUPPLY_COMPLETED,
  DATA_RETURN,
  CHANGE_COMPLETED,
  CREATE = 2250,
  DATA_INITIALIZE
};

/* One call of a server function, with the arguments that it has. */
struct call {
  int id;
  int calls; /* how many functions were called for the message */
  boolean_t numbered;
  mach_port_seqno_t seqno;
  mach_port_t object;
  mach_port_t control;
  mach_port_t name;
  mach_port_t new_object;
  vm_offset_t offset;
  vm_size_t length; /* of data too */
  vm_offset_t data;
  vm_prot_t access;
  boolean_t dirty;
  boolean_t kernel_copy;
  kern_return_t result;
  vm_offset_t error_offset;
  boolean_t may_cache;
  memory_object_copy_strategy_t strategy;
  vm_size_t page_size;
  vm_size_t size;
};

/* From now on the demultiplexers with sequence numbers serve, which next_call() checks. */
void use_sequence_numbers(void);
/* What server functions return from now on (else KERN_SUCCESS). */
void answer_with(kern_return_t result);

/* Serves one message of a port: what was called, id 0 when nothing comes in time. */
struct call next_call(mach_port_t port);
/* That with little patience. */
struct call call_soon(mach_port_t port);
/* The first; a call of another function ends the case. */
struct call expect_call(mach_port_t port, int id);
/* What a demultiplexer does with a message: the call (id 0: none), and what it returned. */
struct call serve_message(boolean_t (*serve)(mach_msg_header_t *, mach_msg_header_t *),
                          mach_msg_header_t *in, mach_msg_header_t *out, boolean_t *known);
/* The call that came last, by whatever way. */
struct call last_call(void);
/* True when nothing comes for a while. */
int is_quiet(mach_port_t port);

/* ---- A memory object mapped in this task ---- */

struct pager {
  mach_port_t object; /* send and receive right */
  mach_port_t control;
  mach_port_t name;
  vm_address_t at;
  unsigned pages;
};

/* Maps so many pages of the object for reading and writing, shared, or as a copy. */
vm_address_t map_object(mach_port_t object, unsigned pages, vm_offset_t offset, boolean_t copy);
/* A new object, mapped; its memory_object_init has come and has not been answered. */
struct pager new_pager(unsigned pages);
/* That, and memory_object_ready. */
struct pager ready_pager(unsigned pages, boolean_t may_cache,
                         memory_object_copy_strategy_t strategy);
/* The usual: not cached, MEMORY_OBJECT_COPY_DELAY. */
struct pager plain_pager(unsigned pages);
void unmap(const struct pager *pager);

/* Fresh pages whose first words are first, first + 1 ... */
vm_address_t numbered_pages(unsigned count, unsigned first);
/* Supplies such pages, from page number `page` of the object on. */
void supply(const struct pager *pager, unsigned page, unsigned count, unsigned first);
void supply_with(const struct pager *pager, unsigned page, unsigned count, unsigned first,
                 vm_prot_t lock, boolean_t precious, mach_port_t reply);

/* The request for one page, read or write, and nothing else. */
void expect_request(const struct pager *pager, unsigned page, vm_prot_t access);
#define FOR_READ VM_PROT_READ
#define FOR_WRITE (VM_PROT_READ | VM_PROT_WRITE)
/* Pages that come back with these first words; the data is deallocated. */
void expect_return(const struct pager *pager, unsigned page, unsigned count, unsigned first,
                   boolean_t dirty, boolean_t kernel_copy);
void expect_terminate(const struct pager *pager);

/* ---- Clients ---- */

/* An access by a thread of its own. */
struct client {
  mach_port_t thread;
  mach_port_t port; /* gets the end, or the exception */
  vm_address_t address;
  unsigned value; /* to be written, or what was read */
  boolean_t writes;
};

void start_read(struct client *client, vm_address_t address);
void start_write(struct client *client, vm_address_t address, unsigned value);
/* The client waits for something still. */
int is_waiting(const struct client *client);
/* How the access ended: KERN_SUCCESS or the code of the memory exception, after which it is over. */
kern_return_t outcome(struct client *client);
/* That, when it must have been KERN_SUCCESS: the value. */
unsigned value_of(struct client *client);
/* A whole access that needs nothing of the case. */
kern_return_t try_read(vm_address_t address);
kern_return_t try_write(vm_address_t address, unsigned value);

#endif
