// There is no hardware: interrupts are what the test makes happen (machine.h).
#include "kernel/arch/interrupts.h"

#include <mach/kern_return.h>

#include "kernel/arch/host/user_program.h"
#include "kernel/arch/time.h"
#include "kernel/kern/clock.h"
#include "kernel/kern/time.h"

namespace arch {

base::Status register_irq(unsigned irq, IrqHandler&) {
  if (irq >= kIrqCount) return base::Error(KERN_INVALID_ARGUMENT);
  return {};
}

void disable_irq(unsigned) {}
void enable_irq(unsigned) {}
void preemption_point() {}

// Nobody has anything to do before the next tick: it comes at once.
void wait_for_interrupt() {
  advance_clock_us(kern::kMicrosecondsPerTick - monotonic_us() % kern::kMicrosecondsPerTick);
  kern::clock_tick(kern::TickMode::kKernel, 0);
}

}  // namespace arch
