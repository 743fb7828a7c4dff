// What the boot loader handed over, and how the machine is stopped.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "kernel/arch/phys.h"

namespace kern {
class Thread;
}

namespace arch {

struct BootModule {
  PhysAddr start;
  uint32_t size;
  const char* arguments;  // the module's command line, file name first
};

// In the loader's order. Their memory is not in free_memory().
std::span<const BootModule> boot_modules();

// The kernel's command line, followed by the emulator's argument string if there is one.
const char* boot_arguments();

// The value of "name=value" on the kernel's command line; empty when absent. For a word without
// '=' see has_boot_word().
std::string_view boot_option(std::string_view name);
bool has_boot_word(std::string_view word);

// Physical memory for structures of boot time that live for ever: zeroed, page aligned, direct
// mapped. Only before free_memory() is first called; panics when there is none.
void* boot_allocate(uint32_t bytes);

// Ends the machine. debug_exit() leaves an emulator that has a debug-exit port with status
// (code << 1) | 1, and returns when there is none.
void debug_exit(uint8_t code);
[[noreturn]] void power_off();
[[noreturn]] void reboot();
[[noreturn]] void halt();

// Writes to the first serial line and the text screen, polled.
void early_write(const char* text, unsigned length);

// Turns the text screen of early_write() off (a console driver took it over).
void release_early_screen();
// A character from the first serial line, or -1. For the debugger.
int early_read();

// Prints the call chain of the running thread, or of one that is not running, and then where it
// is in user mode.
void print_backtrace();
void print_backtrace(const kern::Thread& thread);

}  // namespace arch
