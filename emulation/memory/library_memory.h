// Memory of the library itself, in the range that programs cannot map or unmap.
#pragma once

#include <cstdint>

#include <mach/vm_inherit.h>

namespace emulation {

// Zero-filled pages in the library's range; 0 when there is no memory.
uint32_t allocate_library_pages(uint32_t size, vm_inherit_t inheritance);
void free_library_pages(uint32_t address, uint32_t size);

}  // namespace emulation
