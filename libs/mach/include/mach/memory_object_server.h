/*
 * The server side of external memory management (book chapter 5, appendix A): demultiplexers of
 * the library and the functions a memory manager supplies for them. `data` arrives as memory
 * allocated in the manager, which deallocates it; rights that arrive belong to the manager. A
 * function that returns anything but KERN_SUCCESS or MIG_NO_REPLY must have released nothing:
 * mach_msg_server then releases all of it.
 */
#ifndef MACH_MEMORY_OBJECT_SERVER_H_
#define MACH_MEMORY_OBJECT_SERVER_H_

#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Decode a message, call the function for it, prepare the reply. FALSE: not such a message. */
boolean_t memory_object_server(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);
boolean_t memory_object_default_server(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);
boolean_t seqnos_memory_object_server(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);
boolean_t seqnos_memory_object_default_server(mach_msg_header_t *in_msg,
                                              mach_msg_header_t *out_msg);

/* First mapping of the object: answer with memory_object_ready. */
kern_return_t memory_object_init(mach_port_t memory_object, mach_port_t memory_control,
                                 mach_port_t memory_object_name,
                                 vm_size_t memory_object_page_size);
/* The kernel is done with the object: both are receive rights, to be destroyed. */
kern_return_t memory_object_terminate(mach_port_t memory_object, mach_port_t memory_control,
                                      mach_port_t memory_object_name);
/* A copy was made (MEMORY_OBJECT_COPY_CALL): new_memory_object is a receive right. */
kern_return_t memory_object_copy(mach_port_t old_memory_object,
                                 memory_object_control_t old_memory_control, vm_offset_t offset,
                                 vm_size_t length, mach_port_t new_memory_object);
/* Data is wanted: answer with data_supply, data_provided, data_unavailable or data_error. */
kern_return_t memory_object_data_request(mach_port_t memory_object, mach_port_t memory_control,
                                         vm_offset_t offset, vm_size_t length,
                                         vm_prot_t desired_access);
/* An access the lock forbids is wanted: answer with memory_object_lock_request. */
kern_return_t memory_object_data_unlock(mach_port_t memory_object, mach_port_t memory_control,
                                        vm_offset_t offset, vm_size_t length,
                                        vm_prot_t desired_access);
/* Changed pages come back (objects set up with memory_object_set_attributes). */
kern_return_t memory_object_data_write(mach_port_t memory_object, mach_port_t memory_control,
                                       vm_offset_t offset, vm_offset_t data,
                                       mach_msg_type_number_t data_count);
/* Pages come back; kernel_copy: the kernel keeps them. */
kern_return_t memory_object_data_return(mach_port_t memory_object, mach_port_t memory_control,
                                        vm_offset_t offset, vm_offset_t data,
                                        mach_msg_type_number_t data_count, boolean_t dirty,
                                        boolean_t kernel_copy);
/* A lock request is done. */
kern_return_t memory_object_lock_completed(mach_port_t memory_object, mach_port_t memory_control,
                                           vm_offset_t offset, vm_size_t length);
/* A supply is done; error_offset: first page not taken when result is not KERN_SUCCESS. */
kern_return_t memory_object_supply_completed(mach_port_t memory_object,
                                             mach_port_t memory_control, vm_offset_t offset,
                                             vm_size_t length, kern_return_t result,
                                             vm_offset_t error_offset);
/* A change of attributes is done. */
kern_return_t memory_object_change_completed(mach_port_t memory_object,
                                             boolean_t may_cache_object,
                                             memory_object_copy_strategy_t copy_strategy);

/* Default memory manager only: new memory object made by the kernel (a receive right). */
kern_return_t memory_object_create(mach_port_t old_memory_object, mach_port_t new_memory_object,
                                   vm_size_t new_object_size, mach_port_t new_control,
                                   mach_port_t new_name, vm_size_t new_page_size);
/* Default memory manager only: first data of a page of such an object. */
kern_return_t memory_object_data_initialize(mach_port_t memory_object, mach_port_t memory_control,
                                            vm_offset_t offset, vm_offset_t data,
                                            mach_msg_type_number_t data_count);

/* The same with the sequence number of the message, called by the seqnos_ demultiplexers. */
kern_return_t seqnos_memory_object_init(mach_port_t memory_object, mach_port_seqno_t seqno,
                                        mach_port_t memory_control,
                                        mach_port_t memory_object_name,
                                        vm_size_t memory_object_page_size);
kern_return_t seqnos_memory_object_terminate(mach_port_t memory_object, mach_port_seqno_t seqno,
                                             mach_port_t memory_control,
                                             mach_port_t memory_object_name);
kern_return_t seqnos_memory_object_copy(mach_port_t old_memory_object, mach_port_seqno_t seqno,
                                        memory_object_control_t old_memory_control,
                                        vm_offset_t offset, vm_size_t length,
                                        mach_port_t new_memory_object);
kern_return_t seqnos_memory_object_data_request(mach_port_t memory_object,
                                                mach_port_seqno_t seqno,
                                                mach_port_t memory_control, vm_offset_t offset,
                                                vm_size_t length, vm_prot_t desired_access);
kern_return_t seqnos_memory_object_data_unlock(mach_port_t memory_object,
                                               mach_port_seqno_t seqno,
                                               mach_port_t memory_control, vm_offset_t offset,
                                               vm_size_t length, vm_prot_t desired_access);
kern_return_t seqnos_memory_object_data_write(mach_port_t memory_object, mach_port_seqno_t seqno,
                                              mach_port_t memory_control, vm_offset_t offset,
                                              vm_offset_t data,
                                              mach_msg_type_number_t data_count);
kern_return_t seqnos_memory_object_data_return(mach_port_t memory_object,
                                               mach_port_seqno_t seqno,
                                               mach_port_t memory_control, vm_offset_t offset,
                                               vm_offset_t data,
                                               mach_msg_type_number_t data_count,
                                               boolean_t dirty, boolean_t kernel_copy);
kern_return_t seqnos_memory_object_lock_completed(mach_port_t memory_object,
                                                  mach_port_seqno_t seqno,
                                                  mach_port_t memory_control, vm_offset_t offset,
                                                  vm_size_t length);
kern_return_t seqnos_memory_object_supply_completed(mach_port_t memory_object,
                                                    mach_port_seqno_t seqno,
                                                    mach_port_t memory_control,
                                                    vm_offset_t offset, vm_size_t length,
                                                    kern_return_t result,
                                                    vm_offset_t error_offset);
kern_return_t seqnos_memory_object_change_completed(
    mach_port_t memory_object, mach_port_seqno_t seqno, boolean_t may_cache_object,
    memory_object_copy_strategy_t copy_strategy);
kern_return_t seqnos_memory_object_create(mach_port_t old_memory_object, mach_port_seqno_t seqno,
                                          mach_port_t new_memory_object,
                                          vm_size_t new_object_size, mach_port_t new_control,
                                          mach_port_t new_name, vm_size_t new_page_size);
kern_return_t seqnos_memory_object_data_initialize(mach_port_t memory_object,
                                                   mach_port_seqno_t seqno,
                                                   mach_port_t memory_control, vm_offset_t offset,
                                                   vm_offset_t data,
                                                   mach_msg_type_number_t data_count);

#ifdef __cplusplus
}
#endif

#endif
