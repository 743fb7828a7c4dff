// Segment selectors.
#pragma once

#include <cstdint>

namespace arch {

inline constexpr uint16_t kKernelCode = 0x08;
inline constexpr uint16_t kKernelData = 0x10;
inline constexpr uint16_t kMasterLdt = 0x18;
inline constexpr uint16_t kTaskState = 0x20;
inline constexpr uint16_t kThreadLdt = 0x28;
// What SYSENTER_CS names: kernel code, kernel data, user code, user data in a row.
inline constexpr uint16_t kSysenterCode = 0x48;
inline constexpr unsigned kGdtEntries = 14;

// In the local descriptor table; the classic user selectors.
inline constexpr uint16_t kCallGate = 0x07;
inline constexpr uint16_t kUserCode = 0x17;
inline constexpr uint16_t kUserData = 0x1F;
inline constexpr unsigned kMasterLdtEntries = 4;

// Descriptor table index of each user slot of the GDT.
inline constexpr unsigned kUserGdtIndex[] = {6, 7, 8, 13};

}  // namespace arch
