// Interrupt lines and the processor's interrupt flag.
#pragma once

#include "libs/base/result.h"

namespace arch {

// A driver's interrupt service. handle_irq() runs with interrupts off on the interrupted thread's
// kernel stack, must not block, and may wake threads.
class IrqHandler {
 public:
  virtual void handle_irq(unsigned irq) = 0;

 protected:
  ~IrqHandler() = default;
};

inline constexpr unsigned kIrqCount = 16;

// Attaches `handler` (which must live for ever) to an interrupt line and enables the line. Lines
// may be shared. KERN_INVALID_ARGUMENT: no such line; KERN_RESOURCE_SHORTAGE: too many sharers.
base::Status register_irq(unsigned irq, IrqHandler& handler);

// Masks and unmasks one line at the controller.
void disable_irq(unsigned irq);
void enable_irq(unsigned irq);

// Lets pending interrupts in. Long loops in the kernel call this where their data is consistent.
// Interrupt handlers run; no other thread does.
void preemption_point();

// The idle loop's body: enables interrupts and waits for one, returns with interrupts off.
void wait_for_interrupt();

}  // namespace arch
