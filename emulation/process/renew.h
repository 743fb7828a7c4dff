// Fresh directory ports after the process's ids have changed.
#pragma once

#include <cstdint>

#include <mach/message.h>

namespace emulation {

// Gets root and current directory with the new credentials.
void renew_directories();

// The path of the current directory; *size is the room and then the length. -errno.
int32_t current_path(char* path, mach_msg_type_number_t* size);

}  // namespace emulation
