/* The generated stubs hybrid_calls.c falls back to. */
#ifndef LIBS_MACH_SRC_HYBRID_RPC_H_
#define LIBS_MACH_SRC_HYBRID_RPC_H_

#include <mach/mach_types.h>
#include <mach/message.h>

kern_return_t vm_map_rpc(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                         vm_address_t mask, boolean_t anywhere, mach_port_t memory_object,
                         vm_offset_t offset, boolean_t copy, vm_prot_t cur_protection,
                         vm_prot_t max_protection, vm_inherit_t inheritance);
kern_return_t vm_allocate_rpc(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                              boolean_t anywhere);
kern_return_t vm_deallocate_rpc(mach_port_t target_task, vm_address_t address, vm_size_t size);
kern_return_t task_create_rpc(mach_port_t parent_task, boolean_t inherit_memory,
                              mach_port_t *child_task);
kern_return_t task_terminate_rpc(mach_port_t target_task);
kern_return_t task_suspend_rpc(mach_port_t target_task);
kern_return_t task_set_special_port_rpc(mach_port_t task, int which_port,
                                        mach_port_t special_port);
kern_return_t mach_port_allocate_rpc(mach_port_t task, mach_port_right_t right,
                                     mach_port_t *name);
kern_return_t mach_port_deallocate_rpc(mach_port_t task, mach_port_t name);
kern_return_t mach_port_insert_right_rpc(mach_port_t task, mach_port_t name, mach_port_t right,
                                         mach_msg_type_name_t right_type);
kern_return_t mach_port_allocate_name_rpc(mach_port_t task, mach_port_right_t right,
                                          mach_port_t name);
kern_return_t thread_depress_abort_rpc(mach_port_t thread);

#endif
