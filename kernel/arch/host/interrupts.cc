// There is no hardware: interrupts are what the test makes happen (machine.h).
#include "kernel/arch/interrupts.h"

#include <mach/kern_return.h>

namespace arch {

base::Status register_irq(unsigned irq, IrqHandler&) {
  if (irq >= kIrqCount) return base::Error(KERN_INVALID_ARGUMENT);
  return {};
}

void disable_irq(unsigned) {}
void enable_irq(unsigned) {}
void preemption_point() {}
void wait_for_interrupt() {}

}  // namespace arch
