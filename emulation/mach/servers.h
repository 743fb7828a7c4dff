// The servers this process talks to, and the translation of their errors.
#pragma once

#include <cerrno>
#include <cstdint>

#include <mach/kern_return.h>
#include <mach/port.h>
#include <servers/posix_types.h>
#include <servers/process_page.h>

namespace emulation {

// The process port: the same name in every POSIX task.
inline mach_port_t process_port() { return PROCESS_PORT_NAME; }

// -errno for the outcome of an RPC; 0 for success. A server that died is EIO; an RPC that a signal
// kept from being sent is EINTR.
int32_t error_from(kern_return_t kr);

// Tells the process server that a program wanted a call the library does not have.
void count_unimplemented(int32_t number);

}  // namespace emulation
