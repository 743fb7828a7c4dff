/* Types of backing.defs. */
#pragma once

#include <mach/default_pager_types.h>

/* Neighbouring sectors of 512 bytes. */
typedef struct paging_run {
  natural_t first;
  natural_t count;
} paging_run_t;

/* Most runs that a paging file may have. */
#define PAGING_RUN_MAX 512

typedef paging_run_t paging_run_array_t[PAGING_RUN_MAX];
