// The mappings of every physical page ("pv lists"), so that a page can be unmapped everywhere.
#pragma once

#include <cstdint>

#include "kernel/arch/phys.h"
#include "kernel/arch/pmap.h"

namespace arch {

// One mapping of a page. The first of each page is embedded in the page's head.
struct Mapping {
  Pmap* pmap = nullptr;
  uint32_t va = 0;
  Mapping* next = nullptr;
};

struct MappingHead {
  Mapping first;            // first.pmap null: no mapping at all
  uint32_t attributes = 0;  // pte::kDirty, pte::kAccessed of mappings that are gone

  // Of a page that is a page table, and so has no mappings: bit n says that one of its entries
  // 32 n ... 32 n + 31 may be present.
  uint32_t& table_groups() { return attributes; }
};

// Makes a head for every RAM page. Uses boot_allocate().
void init_mapping_lists();

// By page number, for the pages below the limit.
extern MappingHead* mapping_heads;
extern uint32_t mapping_head_limit;

// The head of a RAM page, null for other addresses.
inline MappingHead* mapping_head(PhysAddr page) {
  const uint32_t number = page.page_number();
  return number < mapping_head_limit ? &mapping_heads[number] : nullptr;
}

// False when no memory is left for another mapping.
[[nodiscard]] bool add_mapping(MappingHead& head, Pmap& pmap, uint32_t va);
// The mapping must exist.
void remove_mapping(MappingHead& head, Pmap& pmap, uint32_t va);

}  // namespace arch
