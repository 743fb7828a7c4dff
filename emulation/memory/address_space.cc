#include "emulation/memory/address_space.h"

#include <cerrno>

#include <mach.h>
#include <servers/process_page.h>

#include "emulation/mach/servers.h"
#include "emulation/memory/user_memory.h"

namespace emulation {

bool program_may_map(uint32_t address, uint32_t size) {
  return program_range(address, size) && address >= kPageSize;
}

uint32_t find_free_range(uint32_t size) {
  // Walk the regions downwards by remembering the last gap that is large enough.
  uint32_t best = 0;
  uint32_t gap_start = kMmapBottom;
  vm_address_t address = kMmapBottom;
  while (address < kMmapTop) {
    vm_size_t region_size = 0;
    vm_prot_t protection, maximum;
    vm_inherit_t inheritance;
    boolean_t shared;
    mach_port_t name = MACH_PORT_NULL;
    vm_offset_t offset;
    const kern_return_t kr = vm_region(mach_task_self(), &address, &region_size, &protection, &maximum,
                                       &inheritance, &shared, &name, &offset);
    if (name != MACH_PORT_NULL) mach_port_deallocate(mach_task_self(), name);
    const uint32_t gap_end = kr == KERN_SUCCESS && address < kMmapTop ? address : kMmapTop;
    if (gap_end > gap_start && gap_end - gap_start >= size) best = gap_end - size;
    if (kr != KERN_SUCCESS || address >= kMmapTop) break;
    gap_start = address + region_size;
    address += region_size;
  }
  return best;
}

int32_t map_at(uint32_t address, uint32_t size, mach_port_t object, uint32_t offset,
               Sharing sharing, vm_prot_t protection) {
  vm_address_t at = address;
  const boolean_t copy = object != MACH_PORT_NULL && sharing == Sharing::kPrivate;
  const vm_inherit_t inheritance =
      sharing == Sharing::kShared ? VM_INHERIT_SHARE : VM_INHERIT_COPY;
  vm_deallocate(mach_task_self(), address, size);
  return error_from(vm_map(mach_task_self(), &at, size, 0, FALSE, object, offset, copy, protection,
                           VM_PROT_ALL, inheritance));
}

void unmap_program() {
  vm_deallocate(mach_task_self(), 0, EMULATION_BASE);
  vm_deallocate(mach_task_self(), EMULATION_LIMIT, VM_MAX_ADDRESS - EMULATION_LIMIT);
}

}  // namespace emulation
