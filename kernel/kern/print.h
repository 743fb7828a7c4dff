// Kernel messages on the console.
#pragma once

namespace kern {

// Writes a formatted message to the console (and the early serial line). Conversions: %d %i %u %x
// %X %p %s %c %%, the lengths l, ll and z, a width and the flags '0' and '-'. Never blocks.
[[gnu::format(printf, 1, 2)]] void print(const char* format, ...);

// Where print() sends its characters from now on, in addition to the early serial line; the
// console driver registers itself here. Null turns it off.
using PrintSink = void (*)(const char* text, unsigned length);
void set_print_sink(PrintSink sink);

}  // namespace kern
