// System-wide event counters (book: vm_statistics).
#pragma once

#include <mach/vm_statistics.h>

#include <cstdint>

namespace vm {

// Events since boot; page counts come from the queues.
struct Counters {
  uint32_t zero_fills = 0;
  uint32_t reactivations = 0;
  uint32_t pageins = 0;
  uint32_t pageouts = 0;
  uint32_t faults = 0;
  uint32_t cow_faults = 0;
  uint32_t lookups = 0;  // of the object cache
  uint32_t hits = 0;
};

extern Counters counters;

// The structure vm_statistics returns.
vm_statistics_data_t statistics();

}  // namespace vm
