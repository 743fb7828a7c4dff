// task_get/set_special_port, thread_get/set_special_port.
#include <mach/kern_return.h>
#include <mach/task_special_ports.h>
#include <mach/thread_special_ports.h>

#include "kernel/kern/task.h"

namespace kern {

ipc::SendRight* Task::special_port(int which) {
  switch (which) {
    case TASK_KERNEL_PORT: return &self_port;
    case TASK_EXCEPTION_PORT: return &exception_port;
    case TASK_BOOTSTRAP_PORT: return &bootstrap_port;
    default: return nullptr;
  }
}

base::Result<ipc::SendRight> Task::get_special_port(int which) {
  ipc::SendRight* port = special_port(which);
  if (port == nullptr) return base::Error(KERN_INVALID_ARGUMENT);
  return ipc::copy_send(*port);
}

base::Status Task::set_special_port(int which, ipc::SendRight right) {
  ipc::SendRight* port = special_port(which);
  if (port == nullptr || !active()) return base::Error(KERN_INVALID_ARGUMENT);
  *port = std::move(right);
  return {};
}

ipc::SendRight* Thread::special_port(int which) {
  switch (which) {
    case THREAD_KERNEL_PORT: return &self_port;
    case THREAD_EXCEPTION_PORT: return &exception_port;
    default: return nullptr;
  }
}

base::Result<ipc::SendRight> Thread::get_special_port(int which) {
  ipc::SendRight* port = special_port(which);
  if (port == nullptr) return base::Error(KERN_INVALID_ARGUMENT);
  return ipc::copy_send(*port);
}

base::Status Thread::set_special_port(int which, ipc::SendRight right) {
  ipc::SendRight* port = special_port(which);
  if (port == nullptr || !active()) return base::Error(KERN_INVALID_ARGUMENT);
  *port = std::move(right);
  return {};
}

}  // namespace kern
