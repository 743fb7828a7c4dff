#include "kernel/arch/boot.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "kernel/arch/host/boot_settings.h"

namespace arch {

namespace {

std::vector<BootModule>& modules() {
  static auto& list = *new std::vector<BootModule>;
  return list;
}

void (*power_switch)() = abort;
const char* arguments = "";

}  // namespace

void add_boot_module(std::span<const char> data, const char* arguments) {
  modules().push_back({place_in_memory(data), static_cast<uint32_t>(data.size()), arguments});
}

void set_boot_arguments(const char* text) { arguments = text; }

void set_power_switch(void (*off)()) { power_switch = off; }

std::span<const BootModule> boot_modules() { return modules(); }
const char* boot_arguments() { return arguments; }

std::string_view boot_option(std::string_view name) {
  for (std::string_view rest = arguments; !rest.empty();) {
    std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (!word.starts_with(name)) continue;
    word.remove_prefix(name.size());
    if (word.starts_with('=')) return word.substr(1);
  }
  return {};
}

bool has_boot_word(std::string_view) { return false; }

void* boot_allocate(uint32_t bytes) {
  return aligned_alloc(kPageSize, (bytes + kPageSize - 1) & ~(kPageSize - 1));
}

void debug_exit(uint8_t) {}
void power_off() {
  power_switch();
  abort();
}
void reboot() { abort(); }
// A panic ends the test, with the sanitizer's stack trace.
void halt() { abort(); }

void early_write(const char* text, unsigned length) { fwrite(text, 1, length, stderr); }
void release_early_screen() {}
int early_read() { return -1; }
void print_backtrace() {}
void print_backtrace(const kern::Thread&) {}

}  // namespace arch
