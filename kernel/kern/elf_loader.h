// Loads a statically linked i386 ELF program from physical memory.
#pragma once

#include <cstdint>

#include "kernel/arch/phys.h"
#include "libs/base/result.h"

namespace kern {

// Maps the program's segments into the current task at the addresses it was linked for and fills
// them. The entry point. KERN_INVALID_ARGUMENT: not such a program; errors of memory allocation.
base::Result<uint32_t> load_elf(arch::PhysAddr image, uint32_t size);

}  // namespace kern
