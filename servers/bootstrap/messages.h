// What arrives at the bootstrap server: notifications, exceptions, requests for privileged ports.
#pragma once

#include <mach/kern_return.h>
#include <mach/port.h>

namespace bootstrap {

class Supervisor;

// Whom the message routines call. One supervisor per task.
void set_message_target(Supervisor* target);

// Receives and answers messages on the ports of `set` until receiving fails; returns why.
kern_return_t serve_messages(mach_port_t set);

}  // namespace bootstrap
