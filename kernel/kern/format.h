// Text formatting for kernel messages.
#pragma once

#include <cstdarg>

namespace kern {

// Formats as print() documents, cut to `capacity` bytes, without a terminator. The length.
unsigned vformat(char* to, unsigned capacity, const char* format, va_list arguments);
// The same with a terminator (capacity at least 1).
[[gnu::format(printf, 3, 4)]] unsigned format_to(char* to, unsigned capacity, const char* format,
                                                 ...);
// print() for functions with arguments of their own.
void vprint(const char* format, va_list arguments);

}  // namespace kern
