// The device master port: whoever holds it may open devices.
#pragma once

#include "kernel/ipc/right.h"

namespace device {

// Makes the port. KERN_RESOURCE_SHORTAGE is fatal: part of init().
void create_master_port();

// A send right for it.
ipc::SendRight master_port();

// Whether this is the device master port.
bool is_master_port(const ipc::Port* port);

}  // namespace device
