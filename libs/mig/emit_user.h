#pragma once

#include <string>

#include "libs/mig/model.h"

namespace mig {

/// C source with the functions that send the requests. `header` is how it includes its header.
std::string emit_user_source(const Subsystem& subsystem, const std::string& header);

/// C header that declares them. Usable from C++.
std::string emit_user_header(const Subsystem& subsystem);

}  // namespace mig
