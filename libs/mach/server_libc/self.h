// The calling task, usable before the library's constructor ran.
#pragma once

#include <mach.h>

namespace server_libc {

// The task's own port.
inline mach_port_t self_task() {
  if (mach_task_self_ == MACH_PORT_NULL) mach_task_self_ = (mach_task_self)();
  return mach_task_self_;
}

}  // namespace server_libc
