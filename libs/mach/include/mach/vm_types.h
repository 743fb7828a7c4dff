#ifndef MACH_VM_TYPES_H_
#define MACH_VM_TYPES_H_

#include <mach/machine/vm_types.h>

#endif
