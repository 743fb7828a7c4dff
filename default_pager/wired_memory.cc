#include "default_pager/wired_memory.h"

#include <mach.h>
#include <mach/mach_host.h>

#include <algorithm>
#include <new>

#include "default_pager/page_block.h"
#include "libs/base/math.h"

namespace default_pager {

void* WiredMemory::do_allocate(size_t bytes, size_t) {
  vm_address_t address = 0;
  const auto size = base::align_up<vm_size_t>(bytes, kPageSize);
  if (vm_allocate(mach_task_self(), &address, size, TRUE) != KERN_SUCCESS) throw std::bad_alloc();
  if (vm_wire(host_priv_, mach_task_self(), address, size, VM_PROT_READ | VM_PROT_WRITE) !=
      KERN_SUCCESS) {
    (void)vm_deallocate(mach_task_self(), address, size);
    throw std::bad_alloc();
  }
  return reinterpret_cast<void*>(address);
}

void WiredMemory::do_deallocate(void* start, size_t bytes, size_t) {
  (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(start),
                      base::align_up<vm_size_t>(bytes, kPageSize));
}

kern_return_t wire_task(mach_port_t host_priv, size_t stack_room) {
  const auto here = reinterpret_cast<vm_address_t>(__builtin_frame_address(0));
  vm_address_t address = 0;
  for (;;) {
    vm_size_t size = 0;
    vm_prot_t protection = VM_PROT_NONE;
    vm_prot_t max_protection = VM_PROT_NONE;
    vm_inherit_t inheritance = 0;
    boolean_t shared = FALSE;
    mach_port_t name = MACH_PORT_NULL;
    vm_offset_t offset = 0;
    if (vm_region(mach_task_self(), &address, &size, &protection, &max_protection, &inheritance,
                  &shared, &name, &offset) != KERN_SUCCESS) {
      return KERN_SUCCESS;  // no region follows
    }
    if (name != MACH_PORT_NULL) (void)mach_port_deallocate(mach_task_self(), name);
    const vm_address_t end = address + size;
    vm_address_t start = address;
    if (address <= here && here < end && here - address > stack_room) {
      start = base::align_down<vm_address_t>(here - stack_room, kPageSize);
    }
    if (protection != VM_PROT_NONE) {
      const kern_return_t code = vm_wire(host_priv, mach_task_self(), start, end - start, protection);
      if (code != KERN_SUCCESS) return code;
    }
    address = end;
  }
}

}  // namespace default_pager
