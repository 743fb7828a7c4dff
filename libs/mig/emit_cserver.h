#pragma once

#include <string>

#include "libs/mig/model.h"

namespace mig {

/// C source of the demultiplexer <name>_server. `header` is how it includes its header.
std::string emit_c_server_source(const Subsystem& subsystem, const std::string& header);

/// C header that declares it and the functions it calls. Usable from C++.
std::string emit_c_server_header(const Subsystem& subsystem);

}  // namespace mig
