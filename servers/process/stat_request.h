// Asking an untrusted port for the attributes of the file it claims to be.
#pragma once

#include <mach/port.h>
#include <servers/posix_types.h>

#include "libs/base/result.h"

namespace process {

// io_stat with a limit: a port that nobody serves must not hold this server up. EIO when there is no
// proper answer in time.
base::Result<io_stat_t> request_attributes(mach_port_t file);

}  // namespace process
