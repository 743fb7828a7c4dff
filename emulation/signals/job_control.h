// What a terminal does to background processes (POSIX, General Terminal Interface 11.1.4).
#pragma once

#include <cstdint>

#include "emulation/files/open_file.h"

namespace emulation {

// Called before an operation that only the foreground may do: `signal` is SIGTTIN for reading and
// SIGTTOU for changing the terminal. 0: go on. -EINTR: the process group was sent the signal, and the
// call is made again when it has been continued. -EIO: the signal would do nothing.
int32_t check_foreground(const OpenFile& terminal, int signal);

}  // namespace emulation
