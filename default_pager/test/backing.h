// Backing: what a default pager keeps pages on.
#pragma once

#include <mach.h>
#include <mach/default_pager_object.h>
#include <mach/mach_host.h>

#include <cstdio>

#include "default_pager/backing_user.h"

namespace default_pager::test {

// A send right for the present default memory manager.
inline mach_port_t default_manager(mach_port_t host) {
  mach_port_t pager = MACH_PORT_NULL;
  (void)vm_set_default_memory_manager(host, &pager);
  return pager;
}

// Stretches of the swap partition, as a file's would be.
class Backing {
 public:
  Backing(mach_port_t pager, mach_port_t device_master) : device_master_(device_master), pager_(pager) {}
  kern_return_t add(const char* name, vm_size_t start, vm_size_t size) const {
    default_pager_filename_t text = {};
    default_pager_filename_t device = "hd0s2";
    std::snprintf(text, sizeof text, "%s", name);
    // In two pieces.
    const natural_t first = start / kSector;
    const natural_t half = size / 2 / kSector;
    paging_run_array_t runs = {{first + half, half}, {first, half}};
    return backing_add_file(pager_, device_master_, text, device, runs, 2);
  }
  kern_return_t remove(const char* name) const {
    default_pager_filename_t text = {};
    std::snprintf(text, sizeof text, "%s", name);
    return default_pager_paging_file(pager_, device_master_, text, FALSE);
  }
  // Bytes in use on the place with a number; none: it does not exist.
  [[nodiscard]] vm_size_t used(int number) const {
    default_pager_filename_t name = {};
    vm_size_t total = 0;
    vm_size_t free = 0;
    return backing_info(pager_, number, name, &total, &free) == KERN_SUCCESS ? total - free : 0;
  }

 private:
  static constexpr vm_size_t kSector = 512;
  mach_port_t device_master_;
  mach_port_t pager_;
};

}  // namespace default_pager::test
