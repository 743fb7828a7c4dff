/* Types of the debugging interface. */
#ifndef MACH_DEBUG_MACH_DEBUG_TYPES_H_
#define MACH_DEBUG_MACH_DEBUG_TYPES_H_

#include <mach/boolean.h>
#include <mach/machine/vm_types.h>

#define ZONE_NAME_MAX_LEN 80
typedef struct zone_name {
  char zn_name[ZONE_NAME_MAX_LEN];
} zone_name_t;
typedef zone_name_t *zone_name_array_t;

typedef struct zone_info {
  integer_t zi_count;      /* elements in use */
  vm_size_t zi_cur_size;   /* bytes of the zone */
  vm_size_t zi_max_size;
  vm_size_t zi_elem_size;
  vm_size_t zi_alloc_size; /* bytes the zone grows by */
  boolean_t zi_pageable;
  boolean_t zi_sleepable;
  boolean_t zi_exhaustible;
  boolean_t zi_collectable;
} zone_info_t;
typedef zone_info_t *zone_info_array_t;

/* What mach_port_kernel_object answers. */
#define IKOT_NONE 0
#define IKOT_THREAD 1
#define IKOT_TASK 2
#define IKOT_HOST 3
#define IKOT_HOST_PRIV 4
#define IKOT_PROCESSOR 5
#define IKOT_PSET 6
#define IKOT_PSET_NAME 7
#define IKOT_PAGER 8
#define IKOT_PAGING_REQUEST 9
#define IKOT_DEVICE 10
#define IKOT_XMM_OBJECT 11
#define IKOT_XMM_PAGER 12
#define IKOT_XMM_KERNEL 13
#define IKOT_XMM_REPLY 14
#define IKOT_PAGER_TERMINATING 15
#define IKOT_PAGING_NAME 16
#define IKOT_HOST_SECURITY 17
#define IKOT_LEDGER 18
#define IKOT_MASTER_DEVICE 19

#endif
