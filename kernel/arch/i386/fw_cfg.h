#pragma once

#include <cstdint>

namespace arch {

// Reads the start of a firmware configuration file. Bytes read; 0: no such device or file.
uint32_t read_fw_cfg(const char* name, char* to, uint32_t capacity);

}  // namespace arch
