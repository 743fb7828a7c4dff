// The Mach traps the library uses by itself (entry/entry.S), and what the generated stubs expect
// of libmach.
#pragma once

#include <mach/mach_types.h>
#include <mach/message.h>

extern "C" {

// mach_msg without any retry (book chapter 2).
mach_msg_return_t emulation_mach_msg_trap(mach_msg_header_t* message, mach_msg_option_t option,
                                          mach_msg_size_t send_size, mach_msg_size_t receive_size,
                                          mach_port_t receive_name, mach_msg_timeout_t timeout,
                                          mach_port_t notify);

// The same, but MACH_SEND_INTERRUPTED at once when a signal is deliverable to this thread.
mach_msg_return_t emulation_interruptible_msg_trap(
    mach_msg_header_t* message, mach_msg_option_t option, mach_msg_size_t send_size,
    mach_msg_size_t receive_size, mach_port_t receive_name, mach_msg_timeout_t timeout,
    mach_port_t notify);

mach_port_t mach_reply_port();
mach_port_t mach_thread_self();
mach_port_t mach_host_self();
mach_port_t emulation_task_self_trap();

// Direct forms of kernel calls on this kernel's own ports: no message. They answer
// MACH_SEND_INTERRUPTED when the port is not local to this kernel.
kern_return_t syscall_vm_map(mach_port_t task, vm_address_t* address, vm_size_t size,
                             vm_address_t mask, boolean_t anywhere, mach_port_t object,
                             vm_offset_t offset, boolean_t copy, vm_prot_t protection,
                             vm_prot_t maximum, vm_inherit_t inheritance);
kern_return_t syscall_vm_allocate(mach_port_t task, vm_address_t* address, vm_size_t size,
                                  boolean_t anywhere);
kern_return_t syscall_vm_deallocate(mach_port_t task, vm_address_t address, vm_size_t size);
kern_return_t syscall_task_create(mach_port_t parent, boolean_t inherit, mach_port_t* child);
kern_return_t syscall_mach_port_allocate(mach_port_t task, mach_port_right_t right,
                                         mach_port_t* name);
kern_return_t syscall_mach_port_deallocate(mach_port_t task, mach_port_t name);
kern_return_t syscall_mach_port_insert_right(mach_port_t task, mach_port_t name,
                                             mach_port_t right, mach_msg_type_name_t type);
}
