#include "libs/server/mach_port_space.h"

#include <mach.h>
#include <mach/mach_traps.h>
#include <mach/notify.h>

#include <cerrno>

namespace server {

base::Result<mach_port_t> MachPortSpace::allocate() {
  mach_port_t port = MACH_PORT_NULL;
  kern_return_t code = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port);
  if (code != KERN_SUCCESS) return base::Error(ENFILE);
  code = mach_port_move_member(mach_task_self(), port, set_);
  if (code == KERN_SUCCESS) return port;
  destroy(port);
  return base::Error(ENFILE);
}

void MachPortSpace::destroy(mach_port_t port) {
  (void)mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
}

// The notification comes to the port itself, which so says whose it is.
base::Status MachPortSpace::watch_senders(mach_port_t port, uint32_t make_send_count) {
  mach_port_t previous = MACH_PORT_NULL;
  const kern_return_t code = mach_port_request_notification(
      mach_task_self(), port, MACH_NOTIFY_NO_SENDERS, make_send_count, port,
      MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
  if (code != KERN_SUCCESS) return base::Error(ENFILE);
  if (previous != MACH_PORT_NULL) release(previous);
  return {};
}

PortSpace::Senders MachPortSpace::senders(mach_port_t port) {
  mach_port_status_t status;
  if (mach_port_get_receive_status(mach_task_self(), port, &status) != KERN_SUCCESS) return {};
  return {status.mps_mscount, status.mps_srights != FALSE};
}

void MachPortSpace::release(mach_port_t right) {
  if (right == MACH_PORT_NULL || right == MACH_PORT_DEAD) return;
  (void)mach_port_deallocate(mach_task_self(), right);
}

// The trap does nothing to a task, and answers at once that it cannot when the port is no task's.
bool MachPortSpace::is_task(mach_port_t right) {
  return syscall_vm_deallocate(right, 0, 0) == KERN_SUCCESS;
}

bool MachPortSpace::is_dead(mach_port_t right) {
  mach_port_type_t type = 0;
  if (mach_port_type(mach_task_self(), right, &type) != KERN_SUCCESS) return true;
  return (type & MACH_PORT_TYPE_DEAD_NAME) != 0;
}

}  // namespace server
