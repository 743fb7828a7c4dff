/* What a child task gets of a region (book chapter 4, vm_inherit). */
#ifndef MACH_VM_INHERIT_H_
#define MACH_VM_INHERIT_H_

typedef int vm_inherit_t;

#define VM_INHERIT_SHARE ((vm_inherit_t)0) /* the same memory */
#define VM_INHERIT_COPY ((vm_inherit_t)1)  /* a copy, made on write */
#define VM_INHERIT_NONE ((vm_inherit_t)2)  /* a hole */
#define VM_INHERIT_DEFAULT VM_INHERIT_COPY

#endif
