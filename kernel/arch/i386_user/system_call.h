// System calls, as far as C code handles them.
#pragma once

#include "platform/context.h"

namespace arch {

// A system call of the current thread, whose number is in EAX: continues in the routine that the task
// has for it, with flags and return address on the user stack, or else executes the trap.
void handle_system_call(TrapFrame& frame);

// int $0x80, which is only an entry to routines of the task: a protection fault if it has none, as
// for a vector that user mode may not use.
void handle_software_interrupt(TrapFrame& frame);

// The arguments of the current thread's trap, or the words for its routine, could not be copied:
// an exception, or an interrupted call if the copy was aborted.
void refuse_trap(TrapFrame& frame);

}  // namespace arch
