#ifndef MACH_MACHINE_VM_PARAM_H_
#define MACH_MACHINE_VM_PARAM_H_

#include <mach/i386/vm_param.h>

#endif
