#include "libs/mig/backends.h"

#include <array>

#include "libs/mig/emit_cserver.h"
#include "libs/mig/emit_cxxserver.h"
#include "libs/mig/emit_kernel.h"
#include "libs/mig/emit_requests.h"
#include "libs/mig/emit_user.h"

namespace mig {
namespace {

constexpr std::array kBackends = {
    Backend{"-user", [](const Subsystem& s,
                        const BackendOptions& o) { return emit_user_source(s, o.header); }},
    Backend{"-cserver", [](const Subsystem& s,
                           const BackendOptions& o) { return emit_c_server_source(s, o.header); }},
    Backend{"-sheader",
            [](const Subsystem& s, const BackendOptions&) { return emit_c_server_header(s); }},
    Backend{"-cxxserver",
            [](const Subsystem& s, const BackendOptions&) { return emit_cxx_server(s); }},
    Backend{"-kernel", [](const Subsystem& s,
                          const BackendOptions& o) { return emit_kernel(s, o.kernel_types); }},
    Backend{"-header",
            [](const Subsystem& s, const BackendOptions&) { return emit_user_header(s); }},
    Backend{"-requests",
            [](const Subsystem& s, const BackendOptions&) { return emit_requests(s); }},
};

}  // namespace

const Backend* find_backend(std::string_view option) {
  for (const Backend& backend : kBackends) {
    if (backend.option == option) return &backend;
  }
  return nullptr;
}

}  // namespace mig
