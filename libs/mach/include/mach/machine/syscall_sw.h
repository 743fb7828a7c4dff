#ifndef MACH_MACHINE_SYSCALL_SW_H_
#define MACH_MACHINE_SYSCALL_SW_H_

#include <mach/i386/syscall_sw.h>

#endif
