// User mode of the host machine as an interpreted i386: threads run programs of the real system.
#pragma once

#include <cstdint>

namespace user_mode {

// What passes for the machine's speed: it makes time, the kernel itself takes none. With less, a
// loop that waits is over sooner; with more, a program gets more done before the clock ticks.
inline constexpr uint32_t kInstructionsPerMicrosecond = 10;

// Makes threads that no test has started run from now on (arch::set_user_mode).
void install();

}  // namespace user_mode
