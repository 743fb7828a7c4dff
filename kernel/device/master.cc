#include "kernel/device/master.h"

#include <utility>

#include "kernel/ipc/kernel_port.h"
#include "kernel/kern/assert.h"

namespace device {
namespace {

// Lives for ever: nothing is torn down when the machine stops.
[[clang::no_destroy]] constinit ipc::KernelPort master;

}  // namespace

void create_master_port() {
  auto port = ipc::KernelPort::create(ipc::KObjectType::kDeviceMaster, &master);
  if (!port.ok()) kern::panic("devices: no memory for the master port");
  master = port.take();
}

ipc::SendRight master_port() { return master.make_send(); }

bool is_master_port(const ipc::Port* port) {
  return ipc::is_port(port) && port->kobject(ipc::KObjectType::kDeviceMaster) != nullptr;
}

}  // namespace device
