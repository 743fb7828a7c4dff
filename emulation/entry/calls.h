// The handlers of system calls, one per line of call_list.h. Arguments are in the registers, as
// on Linux; results are -errno or what the call returns.
#pragma once

#include <cstdint>

#include "emulation/entry/call_list.h"
#include "emulation/entry/registers.h"

namespace emulation::calls {

#define EMULATION_DECLARE(number, name) int32_t name(Registers& r);
EMULATION_CALLS(EMULATION_DECLARE)
#undef EMULATION_DECLARE

}  // namespace emulation::calls
