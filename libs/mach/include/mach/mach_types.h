/*
 * Types of kernel objects as user tasks see them: all of them are port names. This header collects
 * every type header of the interface.
 */
#ifndef MACH_MACH_TYPES_H_
#define MACH_MACH_TYPES_H_

#include <mach/host_info.h>
#include <mach/machine.h>
#include <mach/machine/vm_types.h>
#include <mach/memory_object.h>
#include <mach/pc_sample.h>
#include <mach/port.h>
#include <mach/processor_info.h>
#include <mach/task_info.h>
#include <mach/task_special_ports.h>
#include <mach/thread_info.h>
#include <mach/thread_special_ports.h>
#include <mach/thread_status.h>
#include <mach/time_value.h>
#include <mach/vm_attributes.h>
#include <mach/vm_inherit.h>
#include <mach/vm_prot.h>
#include <mach/vm_statistics.h>

typedef mach_port_t task_t;
typedef task_t *task_array_t;
typedef task_t task_port_t;
typedef task_array_t task_port_array_t;
typedef mach_port_t ipc_space_t;
typedef mach_port_t vm_map_t;
typedef mach_port_t vm_task_t;

typedef mach_port_t thread_t;
typedef thread_t *thread_array_t;
typedef thread_t thread_port_t;
typedef thread_array_t thread_port_array_t;

typedef mach_port_t host_t;      /* name port: information only */
typedef mach_port_t host_priv_t; /* control port */

typedef mach_port_t processor_t;
typedef mach_port_t *processor_array_t;
typedef mach_port_t processor_set_t;      /* control port of a set */
typedef mach_port_t processor_set_name_t; /* name port of a set */
typedef mach_port_t *processor_set_array_t;
typedef mach_port_t *processor_set_name_array_t;

typedef mach_port_t exception_handler_t;
typedef vm_offset_t *emulation_vector_t; /* addresses of system-call handlers, 0 = native */

#define TASK_NULL ((task_t)0)
#define THREAD_NULL ((thread_t)0)
#define HOST_NULL ((host_t)0)
#define HOST_PRIV_NULL ((host_priv_t)0)
#define PROCESSOR_NULL ((processor_t)0)
#define PROCESSOR_SET_NULL ((processor_set_t)0)

/* task_set_emulation: routine_entry_pt value that makes a system call native again. */
#define EML_ROUTINE_NULL ((vm_address_t)0)

#endif
