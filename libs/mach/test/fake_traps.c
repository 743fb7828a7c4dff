/* Stands in for the traps in unit tests: no kernel, so all of them fail. A test that wants more of
 * one defines it itself. */
#include <mach/mach_traps.h>

#define FAKE __attribute__((weak))

FAKE mach_msg_return_t mach_msg_trap(mach_msg_header_t *msg, mach_msg_option_t option,
                                     mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                                     mach_port_t rcv_name, mach_msg_timeout_t timeout,
                                     mach_port_t notify) {
  (void)msg, (void)option, (void)send_size, (void)rcv_size, (void)rcv_name, (void)timeout;
  (void)notify;
  return MACH_SEND_INVALID_DEST;
}

FAKE mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option,
                                mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                                mach_port_t rcv_name, mach_msg_timeout_t timeout,
                                mach_port_t notify) {
  return mach_msg_trap(msg, option, send_size, rcv_size, rcv_name, timeout, notify);
}

FAKE mach_port_t mach_reply_port(void) { return MACH_PORT_NULL; }
FAKE mach_port_t mach_thread_self(void) { return MACH_PORT_DEAD; }
FAKE mach_port_t mach_host_self(void) { return MACH_PORT_DEAD - 1; }
FAKE mach_port_t(mach_task_self)(void) { return MACH_PORT_NULL; }
FAKE boolean_t swtch(void) { return FALSE; }
FAKE boolean_t swtch_pri(int priority) { return priority != priority; }
FAKE kern_return_t thread_switch(mach_port_t new_thread, int option, int time) {
  (void)new_thread, (void)option, (void)time;
  return KERN_INVALID_ARGUMENT;
}
FAKE kern_return_t evc_wait(unsigned int event) { return event ? KERN_FAILURE : KERN_NO_SPACE; }

FAKE kern_return_t syscall_vm_map(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                                  vm_address_t mask, boolean_t anywhere,
                                  mach_port_t memory_object, vm_offset_t offset, boolean_t copy,
                                  vm_prot_t cur_protection, vm_prot_t max_protection,
                                  vm_inherit_t inheritance) {
  (void)target_task, (void)address, (void)size, (void)mask, (void)anywhere, (void)memory_object;
  (void)offset, (void)copy, (void)cur_protection, (void)max_protection, (void)inheritance;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_vm_allocate(mach_port_t target_task, vm_address_t *address,
                                       vm_size_t size, boolean_t anywhere) {
  (void)target_task, (void)address, (void)size, (void)anywhere;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_vm_deallocate(mach_port_t target_task, vm_address_t address,
                                         vm_size_t size) {
  (void)target_task, (void)address, (void)size;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_task_create(mach_port_t parent_task, boolean_t inherit_memory,
                                       mach_port_t *child_task) {
  (void)parent_task, (void)inherit_memory, (void)child_task;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_task_terminate(mach_port_t target_task) {
  (void)target_task;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_task_suspend(mach_port_t target_task) {
  (void)target_task;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_task_set_special_port(mach_port_t task, int which_port,
                                                 mach_port_t special_port) {
  (void)task, (void)which_port, (void)special_port;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_mach_port_allocate(mach_port_t task, mach_port_right_t right,
                                              mach_port_t *name) {
  (void)task, (void)right, (void)name;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_mach_port_deallocate(mach_port_t task, mach_port_t name) {
  (void)task, (void)name;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_mach_port_insert_right(mach_port_t task, mach_port_t name,
                                                  mach_port_t right,
                                                  mach_msg_type_name_t right_type) {
  (void)task, (void)name, (void)right, (void)right_type;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_mach_port_allocate_name(mach_port_t task, mach_port_right_t right,
                                                   mach_port_t name) {
  (void)task, (void)right, (void)name;
  return MACH_SEND_INTERRUPTED;
}
FAKE kern_return_t syscall_thread_depress_abort(mach_port_t thread) {
  (void)thread;
  return MACH_SEND_INTERRUPTED;
}
