// Stopping and restarting the machine.
#include "kernel/arch/boot.h"
#include "kernel/arch/i386/io_port.h"

namespace arch {
namespace {

constexpr uint16_t kDebugExit = 0x501;
// Sleep control of the emulated PIIX4 power management device; 0x2000 = soft off.
constexpr uint16_t kAcpiControl = 0x604;
constexpr uint16_t kSoftOff = 0x2000;
constexpr uint16_t kKeyboardCommand = 0x64;
constexpr uint8_t kPulseReset = 0xFE;

}  // namespace

void debug_exit(uint8_t code) { outb(kDebugExit, code); }

void halt() {
  for (;;) asm volatile("cli; hlt");
}

void power_off() {
  outw(kAcpiControl, kSoftOff);
  debug_exit(0);
  halt();
}

void reboot() {
  for (unsigned spin = 0; spin < 100'000 && (inb(kKeyboardCommand) & 2); ++spin) {
  }
  outb(kKeyboardCommand, kPulseReset);
  // No keyboard controller: an empty interrupt table and an exception reset the processor.
  struct [[gnu::packed]] {
    uint16_t limit = 0;
    uint32_t base = 0;
  } empty;
  asm volatile("lidt %0; int3" : : "m"(empty));
  halt();
}

}  // namespace arch
