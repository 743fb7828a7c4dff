#pragma once

#include <string>

#include "libs/mig/model.h"

namespace mig {

/// "kern_return_t vm_allocate(mach_port_t target_task, vm_address_t *address, ...)"
std::string user_prototype(const Subsystem& subsystem, const Routine& routine);

}  // namespace mig
