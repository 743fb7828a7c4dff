// Segment selectors that user mode knows, as on the i386.
#pragma once

#include <cstdint>

namespace arch {

inline constexpr uint16_t kCallGate = 0x07;
inline constexpr uint16_t kUserCode = 0x17;
inline constexpr uint16_t kUserData = 0x1F;
// What SYSEXIT loads.
inline constexpr uint16_t kFlatCode = 0x5B;
inline constexpr uint16_t kFlatData = 0x63;

}  // namespace arch
