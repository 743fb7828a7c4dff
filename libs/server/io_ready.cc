#include "libs/server/io_ready.h"

#include "libs/mach/io_reply_user.h"

namespace server {

// The user stub consumes the right when it is sent; a dead receiver leaves nothing to wake.
void send_io_ready(mach_port_t reply, int events, int id) { (void)io_ready(reply, events, id); }

}  // namespace server
