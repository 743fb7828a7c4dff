#include "kernel/arch/boot.h"

#include <cstdio>
#include <cstdlib>

namespace arch {

std::span<const BootModule> boot_modules() { return {}; }
const char* boot_arguments() { return ""; }
std::string_view boot_option(std::string_view) { return {}; }
bool has_boot_word(std::string_view) { return false; }

void* boot_allocate(uint32_t bytes) {
  return aligned_alloc(kPageSize, (bytes + kPageSize - 1) & ~(kPageSize - 1));
}

// A panic ends the test, with the sanitizer's stack trace.
void debug_exit(uint8_t) { abort(); }
void power_off() { abort(); }
void reboot() { abort(); }
void halt() { abort(); }

void early_write(const char* text, unsigned length) { fwrite(text, 1, length, stderr); }
void release_early_screen() {}
int early_read() { return -1; }
void print_backtrace() {}
void print_backtrace(const kern::Thread&) {}

}  // namespace arch
