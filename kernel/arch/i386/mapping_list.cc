#include "kernel/arch/i386/mapping_list.h"

#include "kernel/arch/boot.h"
#include "kernel/kern/assert.h"
#include "kernel/vm/page_allocator.h"

namespace arch {

MappingHead* mapping_heads;
uint32_t mapping_head_limit;

namespace {

Mapping* free_mappings;

// Mappings come from whole pages that are never given back: their number follows the page count.
bool refill() {
  auto* fresh = static_cast<Mapping*>(vm::allocate_zeroed_kernel_page());
  if (fresh == nullptr) return false;
  for (uint32_t i = 0; i < kPageSize / sizeof(Mapping); ++i) {
    fresh[i].next = free_mappings;
    free_mappings = &fresh[i];
  }
  return true;
}

}  // namespace

void init_mapping_lists() {
  const uint32_t limit = phys_page_limit();
  mapping_heads = static_cast<MappingHead*>(boot_allocate(limit * sizeof(MappingHead)));
  mapping_head_limit = limit;
}

bool add_mapping(MappingHead& head, Pmap& pmap, uint32_t va) {
  if (head.first.pmap == nullptr) {
    head.first.pmap = &pmap;
    head.first.va = va;
    return true;
  }
  if (free_mappings == nullptr && !refill()) return false;
  Mapping* m = free_mappings;
  free_mappings = m->next;
  *m = {&pmap, va, head.first.next};
  head.first.next = m;
  return true;
}

void remove_mapping(MappingHead& head, Pmap& pmap, uint32_t va) {
  Mapping* gone = nullptr;
  if (head.first.pmap == &pmap && head.first.va == va) {
    gone = head.first.next;
    if (gone == nullptr) {
      head.first.pmap = nullptr;
      return;
    }
    head.first = *gone;
  } else {
    Mapping** link = &head.first.next;
    while (*link && ((*link)->pmap != &pmap || (*link)->va != va)) link = &(*link)->next;
    gone = *link;
    KASSERT(gone != nullptr);
    *link = gone->next;
  }
  gone->next = free_mappings;
  free_mappings = gone;
}

}  // namespace arch
