/* C types that std_types.defs names. */
#ifndef MACH_STD_TYPES_H_
#define MACH_STD_TYPES_H_

#include <mach/boolean.h>
#include <mach/kern_return.h>
#include <mach/machine/vm_types.h>
#include <mach/message.h>
#include <mach/port.h>

typedef vm_offset_t pointer_t;

#endif
