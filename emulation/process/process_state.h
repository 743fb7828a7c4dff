// What the library keeps of the process as a whole. Copied by fork with the rest of the memory.
#pragma once

#include <cstdint>

namespace emulation {

struct ResourceLimit {
  uint64_t current;
  uint64_t maximum;
};

inline constexpr int kResourceCount = 16;
inline constexpr uint32_t kMaxProgramPath = 256;

struct ProcessState {
  uint32_t umask = 022;
  uint32_t brk_start = 0;  // page aligned end of the program's data
  uint32_t brk_end = 0;    // the current break, a byte address
  char command[16] = {};
  char program[kMaxProgramPath] = {};  // absolute path; "" if it was relative or longer
  uint32_t threads = 1;
  ResourceLimit limits[kResourceCount];
};

extern ProcessState process_state;

}  // namespace emulation
