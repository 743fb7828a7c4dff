// The message that answers an io_select.
#pragma once

#include <mach/message.h>
#include <mach/port.h>

namespace server {

// Sends io_ready(events, id) to a send-once right, which is used up whatever happens.
void send_io_ready(mach_port_t reply, int events, int id);

}  // namespace server
