// Registered ports of a task, and what debuggers ask about ports.
#include <array>
#include <utility>

#include "kernel/rpc/mach_debug_server.h"
#include "kernel/rpc/mach_server.h"

namespace rpc {

kern_return_t mach_ports_register(TaskRef target_task, mig::RightArray<SendRight> init_port_set) {
  if (!target_task || init_port_set.size() > kern::kRegisteredPortMax) {
    return KERN_INVALID_ARGUMENT;
  }
  std::array<SendRight, kern::kRegisteredPortMax> ports;
  for (uint32_t i = 0; i < init_port_set.size(); ++i) ports[i] = init_port_set.take(i);
  {
    const kern::LockGuard guard(target_task->lock);
    std::swap(target_task->registered_ports, ports);
  }
  return KERN_SUCCESS;  // the former ports are released here, without the lock
}

kern_return_t mach_ports_lookup(TaskRef target_task, mig::RightArray<SendRight>* init_port_set) {
  if (!target_task) return KERN_INVALID_ARGUMENT;
  if (!init_port_set->create(kern::kRegisteredPortMax)) return KERN_RESOURCE_SHORTAGE;
  const kern::LockGuard guard(target_task->lock);
  for (uint32_t i = 0; i < kern::kRegisteredPortMax; ++i) {
    init_port_set->set(i, ipc::copy_send(target_task->registered_ports[i]));
  }
  return KERN_SUCCESS;
}

kern_return_t mach_port_get_srights(SpaceRef task, mach_port_t name, mach_port_rights_t* srights) {
  if (!task || !task->active()) return KERN_INVALID_TASK;
  auto port = task->receive_port(name);
  if (!port.ok()) return port.code();
  *srights = port.value()->send_rights();
  return KERN_SUCCESS;
}

kern_return_t mach_port_kernel_object(SpaceRef task, mach_port_t name, natural_t* object_type,
                                      vm_offset_t* object_addr) {
  if (!task || !task->active()) return KERN_INVALID_TASK;
  ipc::Entry* e = task->lookup(name);
  if (e == nullptr) return KERN_INVALID_NAME;
  if (!e->has(ipc::kSendBit | ipc::kReceiveBit)) return KERN_INVALID_RIGHT;
  *object_type = static_cast<natural_t>(e->port()->kobject_type());
  *object_addr = 0;  // where the kernel keeps the object is nobody's business
  return KERN_SUCCESS;
}

}  // namespace rpc
