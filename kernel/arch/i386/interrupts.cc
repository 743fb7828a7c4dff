// The two 8259 interrupt controllers.
#include "kernel/arch/i386/interrupts.h"

#include <mach/kern_return.h>

#include "kernel/arch/i386/io_port.h"
#include "kernel/arch/i386/trap.h"

namespace arch {
namespace {

constexpr uint16_t kMasterCommand = 0x20, kMasterData = 0x21, kSlaveCommand = 0xA0,
                   kSlaveData = 0xA1;
constexpr uint8_t kEndOfInterrupt = 0x20, kReadInService = 0x0B;
constexpr unsigned kCascade = 2, kLinesPerController = 8, kMaxSharers = 4;

IrqHandler* handlers[kIrqCount][kMaxSharers];
uint16_t mask = 0xFFFF & ~(1u << kCascade);
const TrapFrame* current_frame;

void write_mask() {
  outb(kMasterData, static_cast<uint8_t>(mask));
  outb(kSlaveData, static_cast<uint8_t>(mask >> 8));
}

// The controllers answer line 7 of each when a request vanished before it was served.
bool is_spurious(unsigned irq) {
  if (irq % kLinesPerController != kLinesPerController - 1) return false;
  const uint16_t port = irq < kLinesPerController ? kMasterCommand : kSlaveCommand;
  outb(port, kReadInService);
  return (inb(port) & 0x80) == 0;
}

void acknowledge(unsigned irq) {
  if (irq >= kLinesPerController) outb(kSlaveCommand, kEndOfInterrupt);
  outb(kMasterCommand, kEndOfInterrupt);
}

}  // namespace

void init_interrupts() {
  outb(kMasterCommand, 0x11);  // initialize, four words follow
  outb(kSlaveCommand, 0x11);
  outb(kMasterData, kVectorFirstIrq);
  outb(kSlaveData, kVectorFirstIrq + kLinesPerController);
  outb(kMasterData, 1u << kCascade);
  outb(kSlaveData, kCascade);
  outb(kMasterData, 1);  // 8086 mode
  outb(kSlaveData, 1);
  write_mask();
}

void dispatch_irq(unsigned irq, const TrapFrame& frame) {
  if (is_spurious(irq)) {
    if (irq >= kLinesPerController) outb(kMasterCommand, kEndOfInterrupt);
    return;
  }
  acknowledge(irq);
  current_frame = &frame;
  for (IrqHandler* handler : handlers[irq]) {
    if (handler != nullptr) handler->handle_irq(irq);
  }
}

const TrapFrame& interrupted_frame() { return *current_frame; }

base::Status register_irq(unsigned irq, IrqHandler& handler) {
  if (irq >= kIrqCount || irq == kCascade) return base::Error(KERN_INVALID_ARGUMENT);
  for (IrqHandler*& slot : handlers[irq]) {
    if (slot != nullptr) continue;
    slot = &handler;
    enable_irq(irq);
    return {};
  }
  return base::Error(KERN_RESOURCE_SHORTAGE);
}

void disable_irq(unsigned irq) {
  mask = static_cast<uint16_t>(mask | (1u << irq));
  write_mask();
}

void enable_irq(unsigned irq) {
  mask = static_cast<uint16_t>(mask & ~(1u << irq));
  write_mask();
}

void preemption_point() { asm volatile("sti; nop; cli" ::: "memory"); }

// STI takes effect after the next instruction, so no interrupt can slip in before HLT.
void wait_for_interrupt() { asm volatile("sti; hlt; cli" ::: "memory"); }

}  // namespace arch
