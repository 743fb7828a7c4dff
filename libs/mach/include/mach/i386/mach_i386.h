/* Intel 386 calls (book appendix C). KERN_INVALID_ARGUMENT: bad thread, device or selector. */
#ifndef MACH_I386_MACH_I386_H_
#define MACH_I386_MACH_I386_H_

#include <mach/i386/mach_i386_types.h>
#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Allows, forbids and lists (dynamic array of send rights) direct I/O to devices' ports. */
kern_return_t i386_io_port_add(mach_port_t thread, mach_port_t device);
kern_return_t i386_io_port_remove(mach_port_t thread, mach_port_t device);
kern_return_t i386_io_port_list(mach_port_t thread, device_list_t *list,
                                mach_msg_type_number_t *count);

/* Sets consecutive descriptors of the thread's local descriptor table. */
kern_return_t i386_set_ldt(mach_port_t thread, int first_selector, descriptor_list_t desc_list,
                           mach_msg_type_number_t count);

/*
 * Reads descriptors. *desc_list: array with room for *returned_count; when it does not fit,
 * *desc_list points to memory allocated in the caller instead.
 */
kern_return_t i386_get_ldt(mach_port_t thread, int first_selector, int desired_count,
                           descriptor_list_t *desc_list, mach_msg_type_number_t *returned_count);

/*
 * Not in the book. Sets a user slot of the thread's global descriptor table (I386_USER_GDT_...).
 * *selector: 0 chooses a free thread-local slot; out: the selector, privilege level 3. The
 * descriptor must be empty or a user data or code segment. KERN_NO_SPACE: no slot free.
 */
kern_return_t i386_set_gdt(mach_port_t thread, int *selector, descriptor_t desc);
/* Reads such a slot; an unset one is empty. */
kern_return_t i386_get_gdt(mach_port_t thread, int selector, descriptor_t *desc);

#ifdef __cplusplus
}
#endif

#endif
