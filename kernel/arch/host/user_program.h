// User mode of a test's thread.
#pragma once

#include <cstdint>
#include <functional>

namespace arch {

struct UserProgram {
  std::function<void()> main;
};

// Moves monotonic_us() forward; nothing else moves it.
void advance_clock_us(uint64_t us);

}  // namespace arch
