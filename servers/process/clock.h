// Time of day in microseconds since 1970.
#pragma once

#include <cstdint>

namespace process {

int64_t now_us();

}  // namespace process
