/*
 * Calls that are tried as traps first: most go to the caller's own task on this host. The trap
 * answers MACH_SEND_INTERRUPTED when it cannot help, and a message is sent instead. The generated
 * stubs of these calls are compiled under names with _rpc added (hybrid_names.h).
 */
#include <mach.h>

#include "libs/mach/src/hybrid_rpc.h"

kern_return_t vm_map(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                     vm_address_t mask, boolean_t anywhere, mach_port_t memory_object,
                     vm_offset_t offset, boolean_t copy, vm_prot_t cur_protection,
                     vm_prot_t max_protection, vm_inherit_t inheritance) {
  const kern_return_t result =
      syscall_vm_map(target_task, address, size, mask, anywhere, memory_object, offset, copy,
                     cur_protection, max_protection, inheritance);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return vm_map_rpc(target_task, address, size, mask, anywhere, memory_object, offset, copy,
                    cur_protection, max_protection, inheritance);
}

kern_return_t vm_allocate(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                          boolean_t anywhere) {
  const kern_return_t result = syscall_vm_allocate(target_task, address, size, anywhere);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return vm_allocate_rpc(target_task, address, size, anywhere);
}

kern_return_t vm_deallocate(mach_port_t target_task, vm_address_t address, vm_size_t size) {
  const kern_return_t result = syscall_vm_deallocate(target_task, address, size);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return vm_deallocate_rpc(target_task, address, size);
}

kern_return_t task_create(mach_port_t parent_task, boolean_t inherit_memory,
                          mach_port_t *child_task) {
  const kern_return_t result = syscall_task_create(parent_task, inherit_memory, child_task);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return task_create_rpc(parent_task, inherit_memory, child_task);
}

kern_return_t task_terminate(mach_port_t target_task) {
  const kern_return_t result = syscall_task_terminate(target_task);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return task_terminate_rpc(target_task);
}

kern_return_t task_suspend(mach_port_t target_task) {
  const kern_return_t result = syscall_task_suspend(target_task);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return task_suspend_rpc(target_task);
}

kern_return_t task_set_special_port(mach_port_t task, int which_port, mach_port_t special_port) {
  const kern_return_t result = syscall_task_set_special_port(task, which_port, special_port);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return task_set_special_port_rpc(task, which_port, special_port);
}

kern_return_t mach_port_allocate(mach_port_t task, mach_port_right_t right, mach_port_t *name) {
  const kern_return_t result = syscall_mach_port_allocate(task, right, name);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return mach_port_allocate_rpc(task, right, name);
}

kern_return_t mach_port_deallocate(mach_port_t task, mach_port_t name) {
  const kern_return_t result = syscall_mach_port_deallocate(task, name);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return mach_port_deallocate_rpc(task, name);
}

kern_return_t mach_port_insert_right(mach_port_t task, mach_port_t name, mach_port_t right,
                                     mach_msg_type_name_t right_type) {
  const kern_return_t result = syscall_mach_port_insert_right(task, name, right, right_type);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return mach_port_insert_right_rpc(task, name, right, right_type);
}

kern_return_t mach_port_allocate_name(mach_port_t task, mach_port_right_t right,
                                      mach_port_t name) {
  const kern_return_t result = syscall_mach_port_allocate_name(task, right, name);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return mach_port_allocate_name_rpc(task, right, name);
}

kern_return_t thread_depress_abort(mach_port_t thread) {
  const kern_return_t result = syscall_thread_depress_abort(thread);
  if (result != MACH_SEND_INTERRUPTED) return result;
  return thread_depress_abort_rpc(thread);
}
