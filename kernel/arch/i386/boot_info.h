#pragma once

#include <cstdint>

namespace arch {

// Copies what the multiboot loader left at physical address `info` and computes free memory.
void parse_boot_info(uint32_t magic, uint32_t info);

}  // namespace arch
