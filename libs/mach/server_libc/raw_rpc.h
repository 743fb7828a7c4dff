// Kernel calls for threads without thread-local storage, which the generated stubs need for their
// reply ports: a thread that is being set up and the one that buries the others.
#pragma once

#include <mach.h>
#include <mach/i386/mach_i386_types.h>

namespace server_libc {

// Each uses reply_port, a receive right of the caller.

// i386_set_gdt.
kern_return_t raw_set_gdt(mach_port_t reply_port, mach_port_t thread, int* selector,
                          descriptor_t descriptor);

// thread_terminate.
kern_return_t raw_thread_terminate(mach_port_t reply_port, mach_port_t thread);

// Gives up the receive right `name` of the calling task.
kern_return_t raw_destroy_receive(mach_port_t reply_port, mach_port_t name);

}  // namespace server_libc
