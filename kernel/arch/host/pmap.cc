// Software page tables and the per-page knowledge a real MMU would give.
#include "kernel/arch/pmap.h"

#include <mach/kern_return.h>

#include <set>
#include <utility>

#include "kernel/arch/host/pmap_access.h"
#include "kernel/kern/assert.h"
#include "kernel/vm/page_allocator.h"

namespace arch {
namespace {

struct PageFacts {
  std::set<std::pair<Pmap*, uint32_t>> mappings;  // with virtual page number
  bool modified = false;
  bool referenced = false;
};

std::map<uint32_t, PageFacts>& facts() {
  static auto& f = *new std::map<uint32_t, PageFacts>;
  return f;
}

Pmap* current = nullptr;
uint64_t generation = 1;

void unmap(Pmap& pmap, std::map<uint32_t, HostMapping>::iterator it) {
  ++generation;
  facts()[it->second.page_number].mappings.erase({&pmap, it->first});
  PmapAccess::data(pmap).pages.erase(it);
  PmapAccess::count(pmap, -1);
}

}  // namespace

Pmap* current_pmap() { return current; }
uint64_t mapping_generation() { return generation; }

// A task costs what it costs on a real machine at least: a page directory.
base::Result<base::Ref<Pmap>> Pmap::create() {
  base::Ref<Pmap> pmap = base::adopt_ref(new Pmap);
  pmap->data_.directory = vm::allocate_kernel_pages(1);
  if (pmap->data_.directory == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  return pmap;
}

Pmap::~Pmap() {
  remove(0, UINT32_MAX & ~(kPageSize - 1));
  if (current == this) current = nullptr;
  if (data_.directory != nullptr) vm::free_kernel_pages(data_.directory);
}

Pmap& Pmap::kernel() {
  static Pmap& kernel = *new Pmap;
  return kernel;
}

base::Status Pmap::enter(uint32_t va, PhysAddr page, vm_prot_t prot, Wiring wiring, Caching) {
  KASSERT(prot != VM_PROT_NONE);
  const uint32_t number = va >> kPageShift;
  if (auto it = data_.pages.find(number); it != data_.pages.end()) unmap(*this, it);
  data_.pages[number] = {page.page_number(), prot, wiring == Wiring::kWired};
  facts()[page.page_number()].mappings.insert({this, number});
  ++resident_;
  return {};
}

void Pmap::remove(uint32_t start, uint32_t end) {
  auto it = data_.pages.lower_bound(start >> kPageShift);
  while (it != data_.pages.end() && it->first < end >> kPageShift) unmap(*this, it++);
}

void Pmap::protect(uint32_t start, uint32_t end, vm_prot_t prot) {
  if (prot == VM_PROT_NONE) return remove(start, end);
  ++generation;
  auto it = data_.pages.lower_bound(start >> kPageShift);
  for (; it != data_.pages.end() && it->first < end >> kPageShift; ++it) {
    it->second.protection &= prot;
  }
}

bool Pmap::allows(uint32_t va, vm_prot_t access) const {
  auto it = data_.pages.find(va >> kPageShift);
  return it != data_.pages.end() && (it->second.protection & access) == access;
}

void Pmap::change_wiring(uint32_t va, Wiring wiring) {
  auto it = data_.pages.find(va >> kPageShift);
  if (it != data_.pages.end()) it->second.wired = wiring == Wiring::kWired;
}

void Pmap::activate() {
  if (current != this) ++generation;
  current = this;
}

const HostMapping* PmapAccess::touch(Pmap& pmap, uint32_t va, vm_prot_t wanted) {
  auto it = pmap.data_.pages.find(va >> kPageShift);
  if (it == pmap.data_.pages.end() || (it->second.protection & wanted) != wanted) return nullptr;
  PageFacts& f = facts()[it->second.page_number];
  f.referenced = true;
  if (wanted & VM_PROT_WRITE) f.modified = true;
  return &it->second;
}

bool is_modified(PhysAddr page) { return facts()[page.page_number()].modified; }
bool is_referenced(PhysAddr page) { return facts()[page.page_number()].referenced; }
void clear_modified(PhysAddr page) {
  ++generation;
  facts()[page.page_number()].modified = false;
}
void clear_referenced(PhysAddr page) {
  ++generation;
  facts()[page.page_number()].referenced = false;
}
bool is_mapped(PhysAddr page) { return !facts()[page.page_number()].mappings.empty(); }

void page_protect(PhysAddr page, vm_prot_t prot) {
  ++generation;
  const auto mappings = facts()[page.page_number()].mappings;
  for (auto [pmap, number] : mappings) {
    auto it = PmapAccess::data(*pmap).pages.find(number);
    if (prot == VM_PROT_NONE) {
      unmap(*pmap, it);
    } else {
      it->second.protection &= prot;
    }
  }
}

}  // namespace arch
