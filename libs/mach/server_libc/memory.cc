#include "libs/mach/server_libc/memory.h"

#include <mach.h>

#include "libs/mach/server_libc/linux_abi.h"
#include "libs/mach/server_libc/self.h"

namespace server_libc {
namespace {

vm_prot_t to_vm_prot(long protection) {
  vm_prot_t result = VM_PROT_NONE;
  if ((protection & kProtRead) != 0) result |= VM_PROT_READ;
  if ((protection & kProtWrite) != 0) result |= VM_PROT_READ | VM_PROT_WRITE;
  if ((protection & kProtExec) != 0) result |= VM_PROT_READ | VM_PROT_EXECUTE;
  return result;
}

kern_return_t map_zeroes(vm_address_t* address, vm_size_t size, boolean_t anywhere,
                         vm_prot_t protection) {
  return vm_map(self_task(), address, size, 0, anywhere, MACH_PORT_NULL, 0, FALSE, protection,
                VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

long refused(kern_return_t result) {
  return result == KERN_NO_SPACE || result == KERN_RESOURCE_SHORTAGE ? -kEnomem : -kEinval;
}

}  // namespace

long map_memory(unsigned long address, unsigned long size, long protection, long flags, long fd) {
  if ((flags & kMapAnonymous) == 0 || fd != -1) return -kEnodev;
  const vm_size_t bytes = round_page(size);
  if (bytes == 0) return -kEinval;
  vm_address_t result = 0;
  const vm_prot_t prot = to_vm_prot(protection);
  if ((flags & kMapFixed) == 0) {
    const kern_return_t kr = map_zeroes(&result, bytes, TRUE, prot);
    return kr == KERN_SUCCESS ? static_cast<long>(result) : -kEnomem;
  }
  if (!page_aligned(address)) return -kEinval;
  result = address;
  (void)vm_deallocate(self_task(), result, bytes);
  const kern_return_t kr = map_zeroes(&result, bytes, FALSE, prot);
  return kr == KERN_SUCCESS ? static_cast<long>(result) : refused(kr);
}

long unmap_memory(unsigned long address, unsigned long size) {
  if (!page_aligned(address)) return -kEinval;
  const kern_return_t kr = vm_deallocate(self_task(), address, round_page(size));
  return kr == KERN_SUCCESS ? 0 : refused(kr);
}

long protect_memory(unsigned long address, unsigned long size, long protection) {
  if (!page_aligned(address)) return -kEinval;
  const kern_return_t kr =
      vm_protect(self_task(), address, round_page(size), FALSE, to_vm_prot(protection));
  return kr == KERN_SUCCESS ? 0 : refused(kr);
}

long advise_memory(unsigned long address, unsigned long size, long advice) {
  if (advice != kAdviceDontNeed) return 0;
  if (!page_aligned(address)) return -kEinval;
  vm_address_t where = address;
  (void)vm_deallocate(self_task(), where, round_page(size));
  const kern_return_t kr = map_zeroes(&where, round_page(size), FALSE, VM_PROT_DEFAULT);
  return kr == KERN_SUCCESS ? 0 : refused(kr);
}

}  // namespace server_libc
