// memory_object_data_supply, the usual case: pages that only their manager can see change hands.
#pragma once

#include "kernel/vm/map.h"
#include "kernel/vm/pager.h"

namespace vm {

// What is supplied: `size` bytes for an offset of the object, the manager's memory from `from` on.
struct PageMove {
  Offset offset = 0;
  Address from = 0;
  Size size = 0;
  vm_prot_t lock = VM_PROT_NONE;
  bool precious = false;
};

// Moves whole pages out of a map, which loses the range, to where the object of the pager lacks them. False: it is
// not that simple (memory that others can see, is not resident or is wired; pages that are there already; odd
// addresses), and nothing has been done.
bool move_pages(Pager& pager, Map& map, const PageMove& move);

}  // namespace vm
