#include "kernel/vm/statistics.h"

#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"

namespace vm {

Counters counters;

vm_statistics_data_t statistics() {
  vm_statistics_data_t s = {};
  s.pagesize = kPageSize;
  s.free_count = static_cast<mach_long_t>(free_page_count());
  s.active_count = static_cast<mach_long_t>(active_page_count());
  s.inactive_count = static_cast<mach_long_t>(inactive_page_count());
  s.wire_count = static_cast<mach_long_t>(wired_page_count());
  s.zero_fill_count = static_cast<mach_long_t>(counters.zero_fills);
  s.reactivations = static_cast<mach_long_t>(counters.reactivations);
  s.pageins = static_cast<mach_long_t>(counters.pageins);
  s.pageouts = static_cast<mach_long_t>(counters.pageouts);
  s.faults = static_cast<mach_long_t>(counters.faults);
  s.cow_faults = static_cast<mach_long_t>(counters.cow_faults);
  s.lookups = static_cast<mach_long_t>(counters.lookups);
  s.hits = static_cast<mach_long_t>(counters.hits);
  return s;
}

}  // namespace vm
