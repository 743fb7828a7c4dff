#include <cstdarg>

#include "kernel/arch/boot.h"
#include "kernel/debug/dump.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/format.h"
#include "kernel/kern/print.h"

namespace kern {
namespace {

constexpr unsigned char kPanicExitCode = 0x7F;

}  // namespace

void panic(const char* format, ...) {
  static bool panicking;
  const bool nested = panicking;
  panicking = true;
  print("\npanic: ");
  va_list arguments;
  va_start(arguments, format);
  vprint(format, arguments);
  va_end(arguments);
  print("\n");
  if (!nested) {
    arch::print_backtrace();
    debug::dump_current();
  }
  if (arch::boot_option("panic") == "exit") arch::debug_exit(kPanicExitCode);
  arch::halt();
}

}  // namespace kern
