// The ports a server was started with.
#pragma once

#include <mach/port.h>

namespace server {

// The port in a slot of the task's registered ports (NAME_SERVER_SLOT, SERVICE_SLOT ...): a send
// right; MACH_PORT_NULL when there is none.
mach_port_t registered_port(unsigned slot);

}  // namespace server
