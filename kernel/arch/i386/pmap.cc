// Two-level i386 page tables.
#include "kernel/arch/pmap.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "kernel/arch/boot.h"
#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/mapping_list.h"
#include "kernel/arch/i386/memory_layout.h"
#include "kernel/arch/i386/page_table.h"
#include "kernel/arch/switch.h"
#include "kernel/kern/assert.h"
#include "kernel/vm/page_allocator.h"

extern "C" uint32_t boot_page_directory[];

namespace arch {

namespace internal {
Pmap* active_pmap;
}
using internal::active_pmap;

// Gives the free functions of this file the private parts of a Pmap.
struct PmapAccess {
  static PmapData& data(Pmap& p) { return p.data_; }
  static uint32_t& resident(Pmap& p) { return p.resident_; }
  static Pmap* construct(void* at) { return new (at) Pmap; }
  static Pmap* make() { return new (std::nothrow) Pmap; }
};

namespace {

constexpr uint32_t kFirstKernelEntry = kKernelBase >> 22;
// From this many pages on, reloading CR3 is cheaper than invalidating one by one.
constexpr uint32_t kFlushAllThreshold = 32;
// Entries of a page table that MappingHead::table_groups() has one bit for.
constexpr uint32_t kGroupEntries = kEntriesPerTable / 32;
constexpr uint32_t kTableBytes = kEntriesPerTable << kPageShift;

alignas(Pmap) char kernel_pmap_storage[sizeof(Pmap)];
Pmap* kernel_pmap;
Pte* window_table;

Pte* table_of(Pte directory_entry) {
  return static_cast<Pte*>(direct_map(PhysAddr{directory_entry & pte::kAddress}));
}

// The entry for `va`, or null when its page table does not exist.
Pte* find_pte(Pmap& pmap, uint32_t va) {
  const Pte directory_entry = PmapAccess::data(pmap).directory[directory_index(va)];
  return (directory_entry & pte::kPresent) ? &table_of(directory_entry)[table_index(va)] : nullptr;
}

uint32_t& groups_of(Pte directory_entry) {
  return mapping_head(PhysAddr{directory_entry & pte::kAddress})->table_groups();
}

// The entry for `va`, which is about to become present; null when there is no memory for its table.
Pte* find_or_make_pte(Pmap& pmap, uint32_t va) {
  PmapData& data = PmapAccess::data(pmap);
  const uint32_t index = directory_index(va);
  Pte& directory_entry = data.directory[index];
  if (!(directory_entry & pte::kPresent)) [[unlikely]] {
    void* table = vm::allocate_zeroed_kernel_page();
    if (table == nullptr) return nullptr;
    directory_entry =
        direct_to_phys(table).value | pte::kPresent | pte::kWritable | pte::kUser;
    groups_of(directory_entry) = 0;
    data.tables[index / 32] |= 1u << index % 32;
  }
  groups_of(directory_entry) |= 1u << table_index(va) / kGroupEntries;
  return &table_of(directory_entry)[table_index(va)];
}

bool in_use(Pmap& pmap) { return &pmap == active_pmap || &pmap == kernel_pmap; }

void flush(Pmap& pmap, uint32_t va) {
  if (in_use(pmap)) invalidate_page(va);
}

// Clears one present entry; its attributes move to the page's head.
void clear_pte(Pmap& pmap, uint32_t va, Pte* entry) {
  const Pte old = *entry;
  *entry = 0;
  --PmapAccess::resident(pmap);
  if (MappingHead* head = mapping_head(PhysAddr{old & pte::kAddress})) {
    head->attributes |= old & (pte::kDirty | pte::kAccessed);
    remove_mapping(*head, pmap, va);
  }
}

// Calls visit(va, entry) for every present entry in [start, end), which one table covers.
template <typename F>
void visit_table(Pte directory_entry, uint32_t start, uint32_t end, F visit) {
  uint32_t& groups = groups_of(directory_entry);
  Pte* const table = table_of(directory_entry);
  const uint32_t base = start & ~(kTableBytes - 1);
  const uint32_t first = table_index(start);
  const uint32_t last = table_index(end - 1);
  uint32_t left = groups & (~0u << first / kGroupEntries) & (~0u >> (31 - last / kGroupEntries));
  for (; left != 0; left &= left - 1) {
    const uint32_t group = static_cast<uint32_t>(__builtin_ctz(left)) * kGroupEntries;
    const uint32_t from = std::max(first, group);
    const uint32_t to = std::min(last, group + kGroupEntries - 1);
    Pte remaining = 0;
    for (uint32_t i = from; i <= to; ++i) {
      if (!(table[i] & pte::kPresent)) continue;
      visit(base + (i << kPageShift), &table[i]);
      remaining |= table[i];
    }
    const bool whole_group = to - from == kGroupEntries - 1;
    if (whole_group && !(remaining & pte::kPresent)) groups &= ~(1u << group / kGroupEntries);
  }
}

// Calls visit(va, entry) for every present entry in [start, end), then makes the processor forget
// what it cached of them.
template <typename F>
void for_each_present(Pmap& pmap, uint32_t start, uint32_t end, F visit) {
  if (start >= end) return;
  const PmapData& data = PmapAccess::data(pmap);
  uint32_t changed = 0;
  const auto visit_and_flush = [&](uint32_t va, Pte* entry) {
    visit(va, entry);
    if (++changed < kFlushAllThreshold) flush(pmap, va);
  };
  for (uint32_t i = directory_index(start); i <= directory_index(end - 1); ++i) {
    const uint32_t left = data.tables[i / 32] >> i % 32;
    if (left == 0) {
      i |= 31;
      continue;
    }
    i += static_cast<uint32_t>(__builtin_ctz(left));
    if (i > directory_index(end - 1)) break;
    const uint32_t from = std::max(start, i * kTableBytes);
    const uint32_t to = std::min(end - 1, i * kTableBytes + (kTableBytes - 1)) + 1;
    visit_table(data.directory[i], from, to, visit_and_flush);
  }
  if (changed < kFlushAllThreshold || !in_use(pmap)) return;
  if (&pmap == kernel_pmap) {
    for (uint32_t va = start; va < end; va += kPageSize) invalidate_page(va);
  } else {
    write_cr3(read_cr3());
  }
}

// Calls visit(mapping, entry) for every mapping of a page that has some.
template <typename F>
void for_each_mapping(MappingHead& head, F visit) {
  for (Mapping* m = &head.first; m != nullptr; m = m->next) visit(*m, find_pte(*m->pmap, m->va));
}

[[gnu::noinline]] bool some_mapping_has(MappingHead& head, Pte attribute) {
  bool found = false;
  for_each_mapping(head, [&](Mapping&, Pte* entry) { found |= (*entry & attribute) != 0; });
  return found;
}

[[gnu::noinline]] void clear_in_mappings(MappingHead& head, Pte attribute) {
  for_each_mapping(head, [&](Mapping& m, Pte* entry) {
    if (!(*entry & attribute)) return;
    *entry &= ~attribute;
    flush(*m.pmap, m.va);
  });
}

// Most pages that are asked about have no mappings: that is found out in line.
[[gnu::always_inline]] inline bool has_attribute(PhysAddr page, Pte attribute) {
  MappingHead* head = mapping_head(page);
  if (head == nullptr) return false;
  if (head->attributes & attribute) return true;
  return head->first.pmap != nullptr && some_mapping_has(*head, attribute);
}

[[gnu::always_inline]] inline void clear_attribute(PhysAddr page, Pte attribute) {
  MappingHead* head = mapping_head(page);
  if (head == nullptr) return;
  head->attributes &= ~attribute;
  if (head->first.pmap != nullptr) clear_in_mappings(*head, attribute);
}

// What is mapped at all can be read.
[[gnu::noinline]] void remove_mappings(MappingHead& head) {
  do {
    Pmap& pmap = *head.first.pmap;
    const uint32_t va = head.first.va;
    clear_pte(pmap, va, find_pte(pmap, va));
    flush(pmap, va);
  } while (head.first.pmap != nullptr);
}

[[gnu::noinline]] void write_protect_mappings(MappingHead& head) {
  for_each_mapping(head, [](Mapping& m, Pte* entry) {
    if (!(*entry & pte::kWritable)) return;
    *entry &= ~pte::kWritable;
    flush(*m.pmap, m.va);
  });
}

}  // namespace

void init_paging() {
  kernel_pmap = PmapAccess::construct(kernel_pmap_storage);
  active_pmap = kernel_pmap;
  PmapData& data = PmapAccess::data(*kernel_pmap);
  data.directory = boot_page_directory;
  data.directory_phys = direct_to_phys(boot_page_directory).value;

  // All tables of the kernel region now: directories of tasks copy these entries once.
  const uint32_t first = directory_index(kKernelRegionStart);
  const uint32_t count = kEntriesPerTable - first;
  auto* tables = static_cast<Pte*>(boot_allocate(count * kPageSize));
  for (uint32_t i = 0; i < count; ++i) {
    data.directory[first + i] = (direct_to_phys(tables).value + i * kPageSize) | pte::kPresent |
                                pte::kWritable;
    data.tables[(first + i) / 32] |= 1u << (first + i) % 32;
  }
  window_table = tables + (count - 1) * kEntriesPerTable;
  init_mapping_lists();
}

void* map_window(unsigned index, PhysAddr page) {
  const uint32_t va = kWindowStart + index * kPageSize;
  window_table[index] = page.value | pte::kPresent | pte::kWritable;
  invalidate_page(va);
  return reinterpret_cast<void*>(va);
}

Pmap& Pmap::kernel() { return *kernel_pmap; }

base::Result<base::Ref<Pmap>> Pmap::create() {
  base::Ref<Pmap> pmap = base::adopt_ref(PmapAccess::make());
  if (!pmap) return base::Error(KERN_RESOURCE_SHORTAGE);
  auto* directory = static_cast<uint32_t*>(vm::allocate_zeroed_kernel_page());
  if (directory == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  std::memcpy(directory + kFirstKernelEntry, boot_page_directory + kFirstKernelEntry,
              (kEntriesPerTable - kFirstKernelEntry) * sizeof(uint32_t));
  pmap->data_.directory = directory;
  pmap->data_.directory_phys = direct_to_phys(directory).value;
  return pmap;
}

Pmap::~Pmap() {
  if (data_.directory == nullptr) return;
  KASSERT(this != kernel_pmap);
  if (this == active_pmap) kernel_pmap->activate();
  if (resident_ != 0) remove(0, kKernelBase);
  for (uint32_t word = 0; word < kFirstKernelEntry / 32; ++word) {
    for (uint32_t left = data_.tables[word]; left != 0; left &= left - 1) {
      const uint32_t index = word * 32 + static_cast<uint32_t>(__builtin_ctz(left));
      groups_of(data_.directory[index]) = 0;
      vm::free_kernel_pages(table_of(data_.directory[index]));
    }
  }
  vm::free_kernel_pages(data_.directory);
}

base::Status Pmap::enter(uint32_t va, PhysAddr page, vm_prot_t prot, Wiring wiring,
                         Caching caching) {
  KASSERT(prot != VM_PROT_NONE);
  Pte* entry = find_or_make_pte(*this, va);
  if (entry == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);

  Pte fresh = page.value | pte::kPresent;
  if (prot & VM_PROT_WRITE) fresh |= pte::kWritable;
  if (this != kernel_pmap) fresh |= pte::kUser;
  if (wiring == Wiring::kWired) fresh |= pte::kWired;
  if (caching == Caching::kUncached) fresh |= pte::kUncached | pte::kWriteThrough;

  const Pte old = *entry;
  if ((old & pte::kPresent) && (old & pte::kAddress) == page.value) {
    *entry = fresh | (old & (pte::kDirty | pte::kAccessed));
    // A processor that remembers fewer rights looks again before it faults.
    if ((old & ~fresh & pte::kWritable) || ((old ^ fresh) & pte::kUncached)) flush(*this, va);
    return {};
  }
  if (old & pte::kPresent) {
    clear_pte(*this, va, entry);
    flush(*this, va);
  }
  MappingHead* head = mapping_head(page);
  if (head != nullptr && !add_mapping(*head, *this, va)) {
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  *entry = fresh;
  ++resident_;
  return {};
}

void Pmap::remove(uint32_t start, uint32_t end) {
  for_each_present(*this, start, end,
                   [this](uint32_t va, Pte* entry) { clear_pte(*this, va, entry); });
}

void Pmap::protect(uint32_t start, uint32_t end, vm_prot_t prot) {
  if (prot == VM_PROT_NONE) return remove(start, end);
  if (prot & VM_PROT_WRITE) return;
  for_each_present(*this, start, end, [](uint32_t, Pte* entry) { *entry &= ~pte::kWritable; });
}

bool Pmap::allows(uint32_t va, vm_prot_t access) const {
  const Pte* entry = find_pte(const_cast<Pmap&>(*this), va);
  const Pte needed = (access & VM_PROT_WRITE) ? pte::kPresent | pte::kWritable : pte::kPresent;
  return entry != nullptr && (*entry & needed) == needed;
}

void Pmap::change_wiring(uint32_t va, Wiring wiring) {
  Pte* entry = find_pte(*this, va);
  if (entry == nullptr || !(*entry & pte::kPresent)) return;
  *entry = wiring == Wiring::kWired ? *entry | pte::kWired : *entry & ~pte::kWired;
}

void Pmap::activate() {
  if (active_pmap == this) return;
  active_pmap = this;
  write_cr3(data_.directory_phys);
}

bool is_modified(PhysAddr page) { return has_attribute(page, pte::kDirty); }
bool is_referenced(PhysAddr page) { return has_attribute(page, pte::kAccessed); }
void clear_modified(PhysAddr page) { clear_attribute(page, pte::kDirty); }
void clear_referenced(PhysAddr page) { clear_attribute(page, pte::kAccessed); }

void page_protect(PhysAddr page, vm_prot_t prot) {
  MappingHead* head = mapping_head(page);
  if (head == nullptr || head->first.pmap == nullptr) return;
  if (!(prot & VM_PROT_READ)) {
    remove_mappings(*head);
  } else if (!(prot & VM_PROT_WRITE)) {
    write_protect_mappings(*head);
  }
}

bool is_mapped(PhysAddr page) {
  const MappingHead* head = mapping_head(page);
  return head != nullptr && head->first.pmap != nullptr;
}

}  // namespace arch
