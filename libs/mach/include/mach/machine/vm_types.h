/* Machine words of the i386 interface: every one of them 32 bits wide on every build. */
#ifndef MACH_MACHINE_VM_TYPES_H_
#define MACH_MACHINE_VM_TYPES_H_

typedef unsigned int natural_t;
typedef int integer_t;

typedef natural_t vm_offset_t;  /* offset in an object, or address of data, in bytes */
typedef natural_t vm_address_t; /* address in a task's address space, in bytes */
typedef natural_t vm_size_t;    /* size in bytes */

/*
 * The book declares several words as "long". They are four bytes in every message and structure:
 * on a 64-bit build machine (unit tests) int takes the part of the target's long.
 */
#if defined(__LP64__)
typedef int mach_long_t;
#else
typedef long mach_long_t;
#endif

#endif
