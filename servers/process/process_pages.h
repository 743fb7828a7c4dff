// ProcessPages: pages of memory that are mapped both here and in processes.
//
// The pages belong to one memory object whose pager is this class: page faults on it are answered
// with zero pages. The pages are wired here, so they are never paged out and need no backing store.
#pragma once

#include <vector>

#include <mach/mach_types.h>
#include <servers/process_page.h>

#include "libs/base/result.h"

namespace process {

class ProcessPages {
 public:
  static constexpr int kPages = 4096;

  // Makes the object, starts its pager thread and maps it here. `host`: the privileged host port.
  base::Status start(mach_port_t host);

  // A free page, zeroed and wired. ENOMEM when there are no more.
  base::Result<process_page*> allocate();
  void free(process_page* page);
  // Maps a page at `address` of a task, in place of what was there; children do not inherit it.
  base::Status map_into(mach_port_t task, const void* page, vm_address_t address,
                        vm_prot_t protection) const;

 private:
  static void pager_thread(void* argument);

  mach_port_t host_ = MACH_PORT_NULL;
  mach_port_t object_ = MACH_PORT_NULL;
  vm_address_t base_ = 0;
  std::vector<bool> used_ = std::vector<bool>(kPages);
};

}  // namespace process
