#pragma once

#include "kernel/arch/interrupts.h"
#include "platform/context.h"

namespace arch {

// Puts both interrupt controllers at vectors 0x20..0x2F with all lines masked.
void init_interrupts();

// Serves one interrupt.
void dispatch_irq(unsigned irq, const TrapFrame& frame);

// What the interrupt being served interrupted.
const TrapFrame& interrupted_frame();

}  // namespace arch
