// Standard output of servers: the console device.
#pragma once

#include "libs/mach/server_libc/linux_abi.h"

namespace server_libc {

// write and writev on descriptors 1 and 2. Bytes written, -kEbadf, -kEio.
long write_console(long fd, const char* data, unsigned long size);
long write_console(long fd, const Iovec* parts, unsigned long count);

// ioctl: standard output and error are a terminal of 25 lines, so that libc writes whole lines.
long console_control(long fd, long request, void* argument);

// Prints a zero-terminated text, whatever happens.
void complain(const char* text);
// The same with a decimal number and a line end after it.
void complain(const char* text, unsigned long number);

}  // namespace server_libc
