#include "kernel/arch/host/user_mode/user_memory.h"

#include <mach/vm_prot.h>

#include <algorithm>
#include <cstring>

#include "kernel/arch/host/pmap_access.h"
#include "kernel/arch/phys.h"
#include "kernel/kern/user_ptr.h"

namespace user_mode {

void UserMemory::synchronize() {
  const uint64_t now = arch::mapping_generation();
  if (now == generation_) return;
  generation_ = now;
  for (auto& entries : cache_) entries.fill({});
}

char* UserMemory::translate(uint32_t va, Access access) {
  const uint32_t page = va / kPage, offset = va % kPage;
  Entry& entry = cache_[static_cast<unsigned>(access)][page % kEntries];
  if (entry.page != page) {
    const vm_prot_t wanted =
        access == Access::kWrite ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
    arch::Pmap* const pmap = arch::current_pmap();
    const arch::HostMapping* const m =
        va < kern::kUserEnd && pmap ? arch::PmapAccess::touch(*pmap, va, wanted) : nullptr;
    if (m == nullptr) {
      fault_address_ = va;
      return nullptr;
    }
    const auto phys = arch::PhysAddr::from_page_number(m->page_number);
    entry = {page, static_cast<char*>(arch::direct_map(phys))};
  }
  return entry.memory + offset;
}

bool UserMemory::load_across(uint32_t va, void* to, uint32_t size) {
  for (uint32_t done = 0; done < size;) {
    const uint32_t at = va + done;
    const uint32_t part = std::min(size - done, kPage - at % kPage);
    const char* const from = translate(at, Access::kRead);
    if (from == nullptr) return false;
    std::memcpy(static_cast<char*>(to) + done, from, part);
    done += part;
  }
  return true;
}

bool UserMemory::writable(uint32_t va, uint32_t size) {
  const uint32_t last = va + size - 1;
  return translate(va, Access::kWrite) != nullptr &&
         (va / kPage == last / kPage || translate(last & ~(kPage - 1), Access::kWrite) != nullptr);
}

bool UserMemory::store_across(uint32_t va, const void* from, uint32_t size) {
  if (!writable(va, size)) return false;
  for (uint32_t done = 0; done < size;) {
    const uint32_t at = va + done;
    const uint32_t part = std::min(size - done, kPage - at % kPage);
    std::memcpy(translate(at, Access::kWrite), static_cast<const char*>(from) + done, part);
    done += part;
  }
  return true;
}

}  // namespace user_mode
