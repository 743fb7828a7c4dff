#pragma once

#include <string>
#include <string_view>

#include "libs/mig/model.h"

namespace mig {

struct BackendOptions {
  std::string header;        // how sources include their header
  std::string kernel_types;  // what the kernel's dispatch includes for its types
};

/// One kind of output, chosen by an option of the command line.
struct Backend {
  std::string_view option;
  std::string (*emit)(const Subsystem& subsystem, const BackendOptions& options);
};

/// Null for an unknown option.
const Backend* find_backend(std::string_view option);

}  // namespace mig
