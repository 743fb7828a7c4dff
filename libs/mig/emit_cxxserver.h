#pragma once

#include <string>

#include "libs/mig/model.h"

namespace mig {

/// C++ header with an abstract class: a virtual function per routine, dispatch(), and functions
/// that send replies later.
std::string emit_cxx_server(const Subsystem& subsystem);

}  // namespace mig
