#include "libs/server/registered_port.h"

#include <mach.h>

namespace server {

mach_port_t registered_port(unsigned slot) {
  mach_port_t* ports = nullptr;
  mach_msg_type_number_t count = 0;
  if (mach_ports_lookup(mach_task_self(), &ports, &count) != KERN_SUCCESS) return MACH_PORT_NULL;
  mach_port_t wanted = MACH_PORT_NULL;
  for (mach_msg_type_number_t i = 0; i < count; ++i) {
    if (i == slot) {
      wanted = ports[i];
    } else if (ports[i] != MACH_PORT_NULL) {
      (void)mach_port_deallocate(mach_task_self(), ports[i]);
    }
  }
  if (count != 0) {
    (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(ports),
                        count * sizeof(mach_port_t));
  }
  return wanted;
}

}  // namespace server
