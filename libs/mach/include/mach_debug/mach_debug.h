/* Calls for leak checks and debuggers. */
#ifndef MACH_DEBUG_MACH_DEBUG_H_
#define MACH_DEBUG_MACH_DEBUG_H_

#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach_debug/mach_debug_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The kernel's allocation classes: names and, in the same order, figures. Arrays with room for the
 * counts in, or allocated in the caller when that is too little.
 */
kern_return_t host_zone_info(mach_port_t host, zone_name_array_t *names,
                             mach_msg_type_number_t *name_count, zone_info_array_t *info,
                             mach_msg_type_number_t *info_count);
/* Send rights for a receive right of the task. KERN_INVALID_NAME, KERN_INVALID_RIGHT. */
kern_return_t mach_port_get_srights(mach_port_t task, mach_port_t name,
                                    mach_port_rights_t *srights);
/* Kind (IKOT_...) and an opaque number of the kernel object behind a send or receive right. */
kern_return_t mach_port_kernel_object(mach_port_t task, mach_port_t name,
                                      unsigned int *object_type, vm_offset_t *object_addr);

#ifdef __cplusplus
}
#endif

#endif
