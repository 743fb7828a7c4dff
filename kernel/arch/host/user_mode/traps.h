// Exceptions and system calls of the interpreted user mode: what kernel/arch/i386 does in trap.cc,
// exceptions.cc and entry.S.
#pragma once

#include "kernel/arch/host/user_mode/processor.h"
#include "platform/context.h"

namespace user_mode {

// Handles what stopped the current thread, whose registers are in `frame`; it continues with those
// that are there afterwards, after what is due before user mode (kern::handle_attention).
void handle_stop(arch::TrapFrame& frame, const Stop& stop);

}  // namespace user_mode
