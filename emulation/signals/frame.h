// Signal frames on the program's stack, laid out as Linux lays them out: programs, debuggers and
// language runtimes look into them.
#pragma once

#include <cstdint>

#include "emulation/entry/registers.h"
#include "emulation/signals/actions.h"

namespace emulation {

// What proc_take_signal told of a signal.
struct SignalInfo {
  int32_t signal;
  int32_t code;
  int32_t pid;
  uint32_t uid;
  int32_t value;     // sigqueue's value, or a child's status
  uint32_t address;  // of a fault
};

// Changes the registers so that the program goes on in the action's handler, and puts what
// sigreturn needs on the stack chosen by the action. False when the stack is bad.
bool build_frame(Registers& r, const SignalAction& action, const SignalInfo& info,
                 SignalSet saved_mask);

}  // namespace emulation
