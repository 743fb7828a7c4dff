/* Address space of the i386 (book chapter 4). */
#ifndef MACH_I386_VM_PARAM_H_
#define MACH_I386_VM_PARAM_H_

#define I386_PGBYTES 4096u
#define I386_PGSHIFT 12

#define VM_MIN_ADDRESS ((vm_offset_t)0)
#define VM_MAX_ADDRESS ((vm_offset_t)0xc0000000u) /* first address beyond user space */

#endif
