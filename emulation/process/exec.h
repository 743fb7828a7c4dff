// Replacing the program of this task by another.
#pragma once

#include <cstdint>

#include "emulation/entry/registers.h"
#include "emulation/files/names.h"
#include "emulation/process/stack_image.h"

namespace emulation {

// The strings of the new program come from the old one or from the library itself.
struct ExecStrings {
  uint32_t program_arguments = 0;  // char *[] in the program's memory
  uint32_t program_environment = 0;
  const char* const* library_arguments = nullptr;  // used when not null
  const char* const* library_environment = nullptr;
};

// On success the registers are those of the new program's first instruction. -errno otherwise;
// an error after the old program is gone ends the process.
int32_t exec_program(Registers& r, Path& path, const ExecStrings& strings);

}  // namespace emulation
