// Segment selectors that user mode knows.
#pragma once

#include <mach/i386/thread_status.h>

#include <cstdint>

namespace arch {

// In the local descriptor table; the classic user selectors.
inline constexpr uint16_t kCallGate = 0x07;
inline constexpr uint16_t kUserCode = I386_USER_CS;
inline constexpr uint16_t kUserData = I386_USER_DS;
// In the global one: what SYSEXIT loads.
inline constexpr uint16_t kFlatCode = 0x5B;
inline constexpr uint16_t kFlatData = 0x63;

}  // namespace arch
