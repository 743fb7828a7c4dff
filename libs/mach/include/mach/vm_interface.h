/*
 * Calls on address spaces (book chapter 4). Addresses and sizes are bytes; the pages they touch
 * are meant. All are remote procedure calls (vm_allocate, vm_deallocate and vm_map on a task of
 * this host are tried as traps first): errors as in <mach/mach_interface.h>.
 */
#ifndef MACH_VM_INTERFACE_H_
#define MACH_VM_INTERFACE_H_

#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Allocates zero-filled memory at *address (rounded down to a page) or, with anywhere, where there
 * is room; *address tells where. KERN_INVALID_ADDRESS, KERN_NO_SPACE.
 */
kern_return_t vm_allocate(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                          boolean_t anywhere);

/* Frees a range; holes in it are allowed. KERN_INVALID_ADDRESS. */
kern_return_t vm_deallocate(mach_port_t target_task, vm_address_t address, vm_size_t size);

/*
 * Maps a memory object (MACH_PORT_NULL: zero-filled memory) from offset on. mask: bits that must
 * be zero in an address chosen with anywhere. copy: a private copy. The send right for the object
 * is copied. KERN_NO_SPACE, KERN_INVALID_ARGUMENT.
 */
kern_return_t vm_map(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                     vm_address_t mask, boolean_t anywhere, mach_port_t memory_object,
                     vm_offset_t offset, boolean_t copy, vm_prot_t cur_protection,
                     vm_prot_t max_protection, vm_inherit_t inheritance);

/* Sets the protection, or (set_maximum) the most a later call may set. KERN_PROTECTION_FAILURE. */
kern_return_t vm_protect(mach_port_t target_task, vm_address_t address, vm_size_t size,
                         boolean_t set_maximum, vm_prot_t new_protection);

/* Sets what children of the task inherit of a range. */
kern_return_t vm_inherit(mach_port_t target_task, vm_address_t address, vm_size_t size,
                         vm_inherit_t new_inheritance);

/* Copies memory of the target into the caller: dynamic array. KERN_PROTECTION_FAILURE. */
kern_return_t vm_read(mach_port_t target_task, vm_address_t address, vm_size_t size,
                      vm_offset_t *data, mach_msg_type_number_t *data_count);

/* Copies data of the caller over allocated, writable memory of the target. */
kern_return_t vm_write(mach_port_t target_task, vm_address_t address, vm_offset_t data,
                       mach_msg_type_number_t data_count);

/* Copies a range over another of the same task. */
kern_return_t vm_copy(mach_port_t target_task, vm_address_t source_address, vm_size_t count,
                      vm_address_t dest_address);

/*
 * Describes the first region at or above *address. object_name: new send right (or null) the
 * caller deallocates. KERN_NO_SPACE when there is none.
 */
kern_return_t vm_region(mach_port_t target_task, vm_address_t *address, vm_size_t *size,
                        vm_prot_t *protection, vm_prot_t *max_protection,
                        vm_inherit_t *inheritance, boolean_t *shared, mach_port_t *object_name,
                        vm_offset_t *offset);

/* System-wide counters. */
kern_return_t vm_statistics(mach_port_t target_task, vm_statistics_data_t *vm_stats);

/* Gets or sets a machine attribute (MATTR_...) of a range; *value: new in, old out. */
kern_return_t vm_machine_attribute(mach_port_t target_task, vm_address_t address, vm_size_t size,
                                   vm_machine_attribute_t attribute,
                                   vm_machine_attribute_val_t *value);

/*
 * Replaces the default memory manager (MACH_PORT_NULL: leaves it); *default_manager: receive right
 * a send right is made from in, send right for the previous one out. Needs the host control port.
 */
kern_return_t vm_set_default_memory_manager(mach_port_t host, mach_port_t *default_manager);

/* The page size in bytes; set by mach_init and constant. */
extern vm_size_t vm_page_size;

#ifdef __cplusplus
}
#endif

#endif
