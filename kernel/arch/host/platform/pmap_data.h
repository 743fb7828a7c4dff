// Software page table of one address space.
#pragma once

#include <cstdint>
#include <map>

namespace arch {

struct HostMapping {
  uint32_t page_number = 0;
  int protection = 0;
  bool wired = false;
};

struct PmapData {
  std::map<uint32_t, HostMapping> pages;  // by virtual page number
  void* directory = nullptr;              // takes memory, holds nothing
};

}  // namespace arch
