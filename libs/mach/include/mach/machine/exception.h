#ifndef MACH_MACHINE_EXCEPTION_H_
#define MACH_MACHINE_EXCEPTION_H_

#include <mach/i386/exception.h>

#endif
