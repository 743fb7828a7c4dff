#include "emulation/memory/library_memory.h"

#include <mach.h>
#include <servers/process_page.h>

#include "emulation/mach/servers.h"
#include "emulation/memory/address_space.h"

extern "C" char emulation_image_end[];

namespace emulation {
namespace {

constexpr uint32_t kTop = PIPE_SLOTS_ADDRESS;

// Where the next search for free pages begins.
uint32_t next = 0;

}  // namespace

uint32_t allocate_library_pages(uint32_t size, vm_inherit_t inheritance) {
  const uint32_t bottom = page_ceiling(reinterpret_cast<uint32_t>(emulation_image_end));
  size = page_ceiling(size);
  if (next < bottom) next = bottom;
  for (int round = 0; round < 2; ++round) {
    while (kTop - next >= size) {
      vm_address_t at = next;
      const kern_return_t kr = vm_allocate(mach_task_self(), &at, size, FALSE);
      if (kr == KERN_SUCCESS) {
        next += size;
        if (inheritance != VM_INHERIT_COPY) vm_inherit(mach_task_self(), at, size, inheritance);
        return at;
      }
      if (kr != KERN_NO_SPACE) return 0;
      next += kPageSize;
    }
    next = bottom;
  }
  return 0;
}

void free_library_pages(uint32_t address, uint32_t size) {
  vm_deallocate(mach_task_self(), address, page_ceiling(size));
  if (address < next) next = address;
}

}  // namespace emulation
