#ifndef MACH_MACHINE_THREAD_STATUS_H_
#define MACH_MACHINE_THREAD_STATUS_H_

#include <mach/i386/thread_status.h>

#endif
