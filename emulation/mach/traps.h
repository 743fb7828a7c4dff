// The message trap as the library makes it itself (entry/entry.S); the others are libmach's.
#pragma once

#include <mach.h>
#include <mach/mach_traps.h>

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
}
