#pragma once

#include <string>

#include "libs/mig/model.h"

namespace mig {

/// C++ header with the shape of every request as a constexpr table, for tests that make up messages
/// (runtime/requests.h).
std::string emit_requests(const Subsystem& subsystem);

}  // namespace mig
