// The kernel under test on the host machine: started once, and the same after every input.
#pragma once

#include <cstdint>

#include "kernel/ipc/right.h"

namespace fuzz {

// Starts the kernel with its host and device ports. Idempotent.
void boot();

// What the kernel has in use.
struct Usage {
  uint32_t ports, messages, sets, tasks, free_pages, pages_in_use;
  static Usage now();
};

// Lives for one input. At its end all tasks that the input has made are terminated and nothing may be
// left behind.
class Run {
 public:
  Run();
  ~Run();

 private:
  Usage before_;
};

// One kernel allocation in so many fails; 0: none does.
void fail_allocations(uint32_t one_in);

}  // namespace fuzz
