// Rights of a new process.
#pragma once

#include <mach.h>
#include <mach/kern_return.h>
#include <mach/mach_port.h>
#include <mach/mach_traps.h>

namespace emulation {

// Gives the task `child` the send right `name` under the same name. What was a dead name already is one
// there, too: as long as the child uses the name it must not come to mean something else.
inline kern_return_t give_to_child(mach_port_t child, mach_port_t name) {
  kern_return_t kr = syscall_mach_port_insert_right(child, name, name, MACH_MSG_TYPE_COPY_SEND);
  if (kr != KERN_INVALID_CAPABILITY) return kr;
  kr = syscall_mach_port_allocate_name(child, MACH_PORT_RIGHT_DEAD_NAME, name);
  if (kr != KERN_NAME_EXISTS) return kr;
  return mach_port_mod_refs(child, name, MACH_PORT_RIGHT_DEAD_NAME, 1);
}

}  // namespace emulation
