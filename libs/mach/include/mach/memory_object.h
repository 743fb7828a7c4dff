/* Types of the external memory management interface (book chapter 5). */
#ifndef MACH_MEMORY_OBJECT_H_
#define MACH_MEMORY_OBJECT_H_

#include <mach/port.h>

typedef mach_port_t memory_object_t;         /* gets the kernel's requests */
typedef mach_port_t memory_object_control_t; /* gets the manager's answers */
typedef mach_port_t memory_object_name_t;    /* appears in vm_region */
typedef mach_port_t *memory_object_array_t;
typedef mach_port_t memory_object_default_t;

typedef int memory_object_copy_strategy_t;
#define MEMORY_OBJECT_COPY_NONE 0      /* copy at once */
#define MEMORY_OBJECT_COPY_CALL 1      /* ask the manager with memory_object_copy */
#define MEMORY_OBJECT_COPY_DELAY 2     /* copy on write */
#define MEMORY_OBJECT_COPY_TEMPORARY 3 /* as DELAY; contents need not outlive the mappings */

typedef int memory_object_return_t;
#define MEMORY_OBJECT_RETURN_NONE 0
#define MEMORY_OBJECT_RETURN_DIRTY 1
#define MEMORY_OBJECT_RETURN_ALL 2 /* dirty and precious pages */

#define MEMORY_OBJECT_NULL ((memory_object_t)0)

#endif
