/*
 * What a memory manager asks of the kernel through a memory control port (book chapter 5). All but
 * memory_object_get_attributes are one-way: only transport errors are reported. Offsets and sizes
 * are bytes in the object, multiples of the page size.
 */
#ifndef MACH_MEMORY_OBJECT_USER_H_
#define MACH_MEMORY_OBJECT_USER_H_

#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Accepts the object after memory_object_init and sets its attributes. */
kern_return_t memory_object_ready(mach_port_t memory_control, boolean_t may_cache_object,
                                  memory_object_copy_strategy_t copy_strategy);

/* Supplies requested data; pages the kernel already has are ignored. */
kern_return_t memory_object_data_provided(mach_port_t memory_control, vm_offset_t offset,
                                          vm_offset_t data, mach_msg_type_number_t data_count,
                                          vm_prot_t lock_value);

/*
 * Supplies data; deallocate moves the pages out of the caller. precious: wanted back even when
 * clean. reply_port (may be null): receive right; gets memory_object_supply_completed.
 */
kern_return_t memory_object_data_supply(mach_port_t memory_control, vm_offset_t offset,
                                        vm_offset_t data, mach_msg_type_number_t data_count,
                                        boolean_t deallocate, vm_prot_t lock_value,
                                        boolean_t precious, mach_port_t reply_port);

/* There is no data for the range: the kernel zero-fills it. */
kern_return_t memory_object_data_unavailable(mach_port_t memory_control, vm_offset_t offset,
                                             vm_size_t size);

/* The data cannot be had: threads waiting for it get KERN_MEMORY_ERROR. */
kern_return_t memory_object_data_error(mach_port_t memory_control, vm_offset_t offset,
                                       vm_size_t size, kern_return_t reason);

/*
 * Returns (should_return) and flushes pages, and forbids the accesses in lock_value
 * (VM_PROT_NO_CHANGE: as before). reply_to (may be null): receive right; gets
 * memory_object_lock_completed.
 */
kern_return_t memory_object_lock_request(mach_port_t memory_control, vm_offset_t offset,
                                         vm_size_t size, memory_object_return_t should_return,
                                         boolean_t should_flush, vm_prot_t lock_value,
                                         mach_port_t reply_to);

/* Gives the object up: its pages are discarded and accesses fail with KERN_MEMORY_FAILURE. */
kern_return_t memory_object_destroy(mach_port_t memory_control, kern_return_t reason);

/* Changes attributes; reply_to (may be null) gets memory_object_change_completed. */
kern_return_t memory_object_change_attributes(mach_port_t memory_control,
                                              boolean_t may_cache_object,
                                              memory_object_copy_strategy_t copy_strategy,
                                              mach_port_t reply_to);

/* Older form of memory_object_ready and memory_object_change_attributes. */
kern_return_t memory_object_set_attributes(mach_port_t memory_control, boolean_t object_ready,
                                           boolean_t may_cache_object,
                                           memory_object_copy_strategy_t copy_strategy);

/* The current attributes. */
kern_return_t memory_object_get_attributes(mach_port_t memory_control, boolean_t *object_ready,
                                           boolean_t *may_cache_object,
                                           memory_object_copy_strategy_t *copy_strategy);

#ifdef __cplusplus
}
#endif

#endif
