/* Page arithmetic. The page size is a constant of the machine; vm_page_size holds it too. */
#ifndef MACH_VM_PARAM_H_
#define MACH_VM_PARAM_H_

#include <mach/machine/vm_param.h>
#include <mach/machine/vm_types.h>

#define PAGE_SIZE I386_PGBYTES
#define PAGE_SHIFT I386_PGSHIFT
#define PAGE_MASK (PAGE_SIZE - 1)

/* Rounding up wraps to zero beyond the last page. */
#define round_page(x) ((vm_offset_t)((((vm_offset_t)(x)) + PAGE_MASK) & ~PAGE_MASK))
#define trunc_page(x) ((vm_offset_t)(((vm_offset_t)(x)) & ~PAGE_MASK))
#define page_aligned(x) ((((vm_offset_t)(x)) & PAGE_MASK) == 0)

#endif
