/* The case as the default memory manager, of a kernel that has too little memory. */
#ifndef TESTS_CONFORMANCE_PAGERS_DEFAULT_MANAGER_H_
#define TESTS_CONFORMANCE_PAGERS_DEFAULT_MANAGER_H_

#include "tests/conformance/pagers/pager.h"

/* What the manager has seen; it remembers the first word of every page. */
struct default_manager {
  mach_port_t port;
  mach_port_t set; /* of it and the new objects */
  vm_size_t hog_size;
  struct call create; /* for the hog's memory */
  int creates;
  int initializes;
  int returns;
  int requests;
  int terminates;
  int second_initializes; /* for a page that it had already */
};

/* Makes this thread the default memory manager, able to run when memory is short.
 * There will be a hog of so many pages. */
void become_default_manager(struct default_manager *manager, unsigned pages);
/* Serves messages until another thread has set *done. */
void serve_until(struct default_manager *manager, const volatile int *done);

/* A thread writes its number into so many pages, and then reads them `rounds` times. */
struct hog {
  vm_address_t at;
  unsigned pages;
  unsigned rounds;
  volatile unsigned wrong;
  volatile int done;
};
void start_hog(struct hog *hog, unsigned pages, unsigned rounds);

#endif
