// The table of kernel traps.
#pragma once

#include <cstdint>

namespace traps {

inline constexpr unsigned kTableSize = 130;
inline constexpr unsigned kMaxArguments = 11;

// Called with `arguments` 32-bit words on the stack (see TRAP); the result goes to the caller.
using Function = void();
struct Entry {
  Function* function;
  uint32_t arguments;
};

// What trap number -index runs. index < kTableSize.
Entry table(unsigned index);

}  // namespace traps
