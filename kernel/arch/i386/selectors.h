// The kernel's segment selectors.
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

// The local descriptor table: null, the call gate, code and data (i386_user/selectors.h).
inline constexpr unsigned kMasterLdtEntries = 4;

// Descriptor table index of each user slot of the GDT.
inline constexpr unsigned kUserGdtIndex[] = {6, 7, 8, 13};

}  // namespace arch
