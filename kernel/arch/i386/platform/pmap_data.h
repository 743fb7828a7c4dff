// Page directory of one address space.
#pragma once

#include <cstdint>

namespace arch {

struct PmapData {
  uint32_t* directory = nullptr;  // 1024 entries, direct mapped
  uint32_t directory_phys = 0;    // CR3
  uint32_t tables[32] = {};       // bit n of word i: directory entry 32 i + n has a page table
};

}  // namespace arch
