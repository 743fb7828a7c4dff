/* Types of the default pager's interface. */
#ifndef MACH_DEFAULT_PAGER_TYPES_H_
#define MACH_DEFAULT_PAGER_TYPES_H_

#include <mach/machine/vm_types.h>

typedef struct default_pager_object {
  natural_t dpo_object; /* id, for people */
  vm_size_t dpo_size;   /* bytes on backing store */
} default_pager_object_t;
typedef default_pager_object_t *default_pager_object_array_t;

typedef struct default_pager_page {
  vm_offset_t dpp_offset;
} default_pager_page_t;
typedef default_pager_page_t *default_pager_page_array_t;

typedef char default_pager_filename_t[256];

#endif
