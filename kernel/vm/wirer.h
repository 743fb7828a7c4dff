// Wirer: makes the pages of a range resident for as long as the region is wired (vm_wire).
#pragma once

#include "kernel/vm/map.h"

namespace vm {

// Protocol with everybody else who changes the map:
//   (1) The entries are clipped to the range, count the wiring and are marked in_transition.
//   (2) Pages are wired one by one, with waits; entries in transition are not removed meanwhile.
//   (3) The mark is taken off and waiters are woken; on failure the pages done are unwired first.
class Wirer {
 public:
  Wirer(Map& map, PageRange range) : map_(map), range_(range) {}

  base::Status wire(vm_prot_t access);
  base::Status unwire();

 private:
  base::Status begin(vm_prot_t access);
  base::Status wire_pages();
  kern_return_t wire_one(Address a);
  void finish(const base::Status& result);

  Map& map_;
  const PageRange range_;
  Address done_ = 0;  // pages below it are wired
};

}  // namespace vm
