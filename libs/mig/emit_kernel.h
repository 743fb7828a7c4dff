#pragma once

#include <string>

#include "libs/mig/model.h"

namespace mig {

/// C++ header for the kernel: declarations of rpc::<routine>, a handler for each, and a constexpr
/// table of the handlers. `types` is the header that says what the types mean in the kernel.
std::string emit_kernel(const Subsystem& subsystem, const std::string& types);

}  // namespace mig
