// The traps themselves: they turn names into objects and delegate. User addresses are plain words.
// Numbers and arguments: book chapters 2, 3, 6, 7 and appendix of the classic kernel's trap table.
#pragma once

#include <mach/boolean.h>
#include <mach/kern_return.h>
#include <mach/port.h>

#include <cstdint>

#include "kernel/traps/convention.h"

namespace traps {

// Names of send rights for the caller's own objects; each call adds a user reference.
TRAP mach_port_t mach_thread_self();
TRAP mach_port_t mach_task_self();
TRAP mach_port_t mach_host_self();

TRAP boolean_t swtch_pri(int priority);
TRAP boolean_t swtch();
TRAP kern_return_t thread_switch(mach_port_t thread, int option, uint32_t milliseconds);

TRAP kern_return_t evc_wait(uint32_t event);
TRAP kern_return_t evc_wait_clear(uint32_t event);

// Short cuts for calls on kernel ports. When the first name is not that of a port of the right
// kind in this kernel the answer is MACH_SEND_INTERRUPTED: the caller sends the message instead.
TRAP kern_return_t vm_map(mach_port_t task, uint32_t address, uint32_t size, uint32_t mask,
                          boolean_t anywhere, mach_port_t object, uint32_t offset, boolean_t copy,
                          int protection, int max_protection, int inheritance);
TRAP kern_return_t vm_allocate(mach_port_t task, uint32_t address, uint32_t size,
                               boolean_t anywhere);
TRAP kern_return_t vm_deallocate(mach_port_t task, uint32_t address, uint32_t size);
// Copy between the memory of a task and the caller's (vm/transfer.h).
TRAP kern_return_t vm_read_overwrite(mach_port_t task, uint32_t address, uint32_t size, uint32_t data);
TRAP kern_return_t vm_write(mach_port_t task, uint32_t address, uint32_t data, uint32_t size);
TRAP kern_return_t task_create(mach_port_t parent, boolean_t inherit, uint32_t child);
TRAP kern_return_t task_terminate(mach_port_t task);
TRAP kern_return_t task_suspend(mach_port_t task);
TRAP kern_return_t task_set_special_port(mach_port_t task, int which, mach_port_t port);
TRAP kern_return_t mach_port_allocate(mach_port_t task, mach_port_right_t right, uint32_t name);
TRAP kern_return_t mach_port_deallocate(mach_port_t task, mach_port_t name);
TRAP kern_return_t mach_port_insert_right(mach_port_t task, mach_port_t name, mach_port_t right,
                                          uint32_t disposition);
TRAP kern_return_t mach_port_allocate_name(mach_port_t task, mach_port_right_t right,
                                           mach_port_t name);
TRAP kern_return_t thread_depress_abort(mach_port_t thread);

}  // namespace traps
