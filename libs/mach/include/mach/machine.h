/* Processor types (book appendix D: host_basic_info, processor_basic_info). */
#ifndef MACH_MACHINE_H_
#define MACH_MACHINE_H_

#include <mach/machine/vm_types.h>

typedef integer_t cpu_type_t;
typedef integer_t cpu_subtype_t;

#define CPU_TYPE_I386 ((cpu_type_t)7)
#define CPU_SUBTYPE_AT386 ((cpu_subtype_t)1)

/* Index of a tick counter of a processor. */
#define CPU_STATE_MAX 3
#define CPU_STATE_USER 0
#define CPU_STATE_SYSTEM 1
#define CPU_STATE_IDLE 2

#endif
