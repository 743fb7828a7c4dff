// ProcessPages: one page of memory for each process, mapped both here and there.
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
  // Maps the page at PROCESS_PAGE_ADDRESS of a task; a mapping that was inherited goes away.
  base::Status map_into(mach_port_t task, const process_page* page) const;

 private:
  static void pager_thread(void* argument);

  mach_port_t host_ = MACH_PORT_NULL;
  mach_port_t object_ = MACH_PORT_NULL;
  vm_address_t base_ = 0;
  std::vector<bool> used_ = std::vector<bool>(kPages);
};

}  // namespace process
