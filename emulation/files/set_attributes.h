// Changing attributes of files through io_setattr.
#pragma once

#include <cstdint>

#include <mach/port.h>
#include <servers/posix_types.h>

#include "emulation/mach/scoped_right.h"

namespace emulation {

// What io_setattr takes; `which` says which fields count.
struct AttributeChange {
  int which = 0;
  uint32_t mode = 0;
  uint32_t uid = 0;
  uint32_t gid = 0;
  int64_t size = 0;
  posix_timespec_t atime{};
  posix_timespec_t mtime{};
};

int32_t set_attributes(mach_port_t io, const AttributeChange& change);
int32_t set_size(mach_port_t io, int64_t size);

}  // namespace emulation
