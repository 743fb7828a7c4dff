// What a software access to memory through a Pmap finds.
#pragma once

#include "kernel/arch/pmap.h"

namespace arch {

struct PmapAccess {
  // The mapping of the page at `va` if it allows `wanted`; marks the page referenced and, for
  // writes, modified. Null: a page fault.
  static const HostMapping* touch(Pmap& pmap, uint32_t va, vm_prot_t wanted);

  static PmapData& data(Pmap& pmap) { return pmap.data_; }
  static void count(Pmap& pmap, int change) { pmap.resident_ += static_cast<uint32_t>(change); }
};

// Changes whenever a mapping may allow less than before, another address space is loaded, or a
// page's referenced or modified bit is taken back: what was remembered of touch() is void then.
uint64_t mapping_generation();

// The address space the processor uses.
Pmap* current_pmap();

}  // namespace arch
