#include "kernel/kern/print.h"

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernel/arch/boot.h"
#include "kernel/kern/format.h"

namespace kern {
namespace {

PrintSink sink;

void write(const char* text, unsigned length) {
  arch::early_write(text, length);
  if (sink != nullptr) sink(text, length);
}

}  // namespace

void set_print_sink(PrintSink s) { sink = s; }

void vprint(const char* format, va_list arguments) {
  char line[256];
  const unsigned length = vformat(line, sizeof line, format, arguments);
  write(line, length);
}

void print(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprint(format, arguments);
  va_end(arguments);
}

}  // namespace kern
