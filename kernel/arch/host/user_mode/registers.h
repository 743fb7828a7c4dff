// The registers of the interpreted processor, as user mode sees them.
#pragma once

#include <cstdint>

namespace user_mode {

// Numbers of the instruction encoding.
enum Register : uint8_t { kEax, kEcx, kEdx, kEbx, kEsp, kEbp, kEsi, kEdi };
enum Segment : uint8_t { kEs, kCs, kSs, kDs, kFs, kGs };
inline constexpr unsigned kSegments = 6;

struct Registers {
  uint32_t general[8];
  uint32_t eip;
  uint32_t eflags;
  uint16_t segments[kSegments];
};

namespace flag {
inline constexpr uint32_t kCarry = 1u << 0, kAlways = 1u << 1, kParity = 1u << 2, kAdjust = 1u << 4,
                          kZero = 1u << 6, kSign = 1u << 7, kTrap = 1u << 8, kInterrupt = 1u << 9,
                          kDirection = 1u << 10, kOverflow = 1u << 11, kNested = 1u << 14,
                          kAlignment = 1u << 18, kIdentify = 1u << 21;
// What arithmetic leaves behind.
inline constexpr uint32_t kStatus = kCarry | kParity | kAdjust | kZero | kSign | kOverflow;
// What POPF changes in user mode.
inline constexpr uint32_t kUser =
    kStatus | kTrap | kDirection | kNested | kAlignment | kIdentify;
}  // namespace flag

}  // namespace user_mode
