// Copies through the software page tables; faults go to the virtual memory system as on a real
// machine.
#include "kernel/arch/user_copy.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <cstring>

#include "kernel/arch/host/pmap_access.h"
#include "kernel/arch/phys.h"
#include "kernel/kern/task.h"
#include "kernel/vm/fault.h"

namespace arch {
namespace {

uint32_t fault_address = 0;

// Reading what a system call is to do can be interrupted by an abort, which then stays pending, as
// copy_was_aborted() tells; storing its results cannot.
bool resolve(vm::Map& map, uint32_t va, vm_prot_t wanted) {
  const bool stores = wanted & VM_PROT_WRITE;
  kern::Thread& self = kern::current_thread();
  for (;;) {
    const kern_return_t result = vm::fault(map, va & ~(kPageSize - 1), wanted);
    if (result == KERN_SUCCESS) return true;
    if (result != KERN_ABORTED || (self.ast & kern::ast::kTerminate)) return false;
    self.sched.abort_pending = !stores;
    if (!stores) return false;
  }
}

enum class Faults { kResolve, kStop };

// The physical address of one user byte. False: a fault that cannot be resolved, or is not to be.
bool reach(uint32_t va, vm_prot_t wanted, Faults faults, PhysAddr& phys) {
  vm::Map& map = kern::current_task().map();
  for (;;) {
    if (const HostMapping* m = PmapAccess::touch(map.pmap(), va, wanted)) {
      phys = PhysAddr::from_page_number(m->page_number) + (va & (kPageSize - 1));
      return true;
    }
    if (faults == Faults::kStop || !resolve(map, va, wanted)) {
      fault_address = va;
      return false;
    }
  }
}

constexpr vm_prot_t kWrite = VM_PROT_READ | VM_PROT_WRITE;

template <typename F>
bool for_each_part(uint32_t va, size_t size, vm_prot_t wanted, Faults faults, F copy) {
  for (size_t done = 0; done < size;) {
    const uint32_t at = va + static_cast<uint32_t>(done);
    const size_t part = std::min<size_t>(size - done, kPageSize - (at & (kPageSize - 1)));
    PhysAddr phys;
    if (!reach(at, wanted, faults, phys)) return false;
    copy(phys, static_cast<uint32_t>(done), part);
    done += part;
  }
  return true;
}

}  // namespace

bool copy_from_user(void* to, uint32_t from, size_t size) {
  return for_each_part(from, size, VM_PROT_READ, Faults::kResolve, [&](PhysAddr phys, uint32_t done, size_t part) {
    copy_from_phys(static_cast<char*>(to) + done, phys, part);
  });
}

bool copy_to_user(uint32_t to, const void* from, size_t size) {
  return for_each_part(to, size, kWrite, Faults::kResolve, [&](PhysAddr phys, uint32_t done, size_t part) {
    copy_to_phys(phys, static_cast<const char*>(from) + done, part);
  });
}

bool copy_phys_to_user_now(uint32_t to, PhysAddr from, size_t size) {
  return for_each_part(to, size, kWrite, Faults::kStop, [&](PhysAddr user, uint32_t done, size_t part) {
    std::memmove(direct_map(user), direct_map(from + done), part);
  });
}

bool copy_user_to_phys_now(PhysAddr to, uint32_t from, size_t size) {
  return for_each_part(from, size, VM_PROT_READ, Faults::kStop, [&](PhysAddr user, uint32_t done, size_t part) {
    std::memmove(direct_map(to + done), direct_map(user), part);
  });
}

uint32_t last_user_fault_address() { return fault_address; }

}  // namespace arch
