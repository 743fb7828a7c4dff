#include "libs/server/wall_clock.h"

#include <device/device.h>
#include <mach.h>
#include <mach/server_libc.h>

namespace server {

void use_mapped_time(mach_port_t device_master) {
  mach_port_t device = MACH_PORT_NULL;
  if (device_open(device_master, D_READ, "time", &device) != KERN_SUCCESS) return;
  mach_port_t object = MACH_PORT_NULL;
  vm_address_t address = 0;
  kern_return_t code = device_map(device, VM_PROT_READ, 0, vm_page_size, &object, 0);
  if (code == KERN_SUCCESS) {
    code = vm_map(mach_task_self(), &address, vm_page_size, 0, TRUE, object, 0, FALSE,
                  VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE);
    (void)mach_port_deallocate(mach_task_self(), object);
  }
  if (code == KERN_SUCCESS) server_libc_set_mapped_time(reinterpret_cast<const void*>(address));
  (void)mach_port_deallocate(mach_task_self(), device);
}

}  // namespace server
