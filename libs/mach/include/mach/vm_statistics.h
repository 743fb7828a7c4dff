/* System-wide memory counters since boot (book appendix D, vm_statistics). */
#ifndef MACH_VM_STATISTICS_H_
#define MACH_VM_STATISTICS_H_

#include <mach/machine/vm_types.h>

struct vm_statistics {
  mach_long_t pagesize;        /* bytes */
  mach_long_t free_count;      /* pages, as are the next three */
  mach_long_t active_count;
  mach_long_t inactive_count;
  mach_long_t wire_count;
  mach_long_t zero_fill_count; /* events from here on */
  mach_long_t reactivations;
  mach_long_t pageins;
  mach_long_t pageouts;
  mach_long_t faults;
  mach_long_t cow_faults;
  mach_long_t lookups;         /* of the object cache */
  mach_long_t hits;
};
typedef struct vm_statistics *vm_statistics_t;
typedef struct vm_statistics vm_statistics_data_t;

#endif
