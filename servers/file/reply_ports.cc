#include "servers/file/reply_ports.h"

#include <mach.h>

namespace file {

ReplyPorts::~ReplyPorts() {
  for (const mach_port_t port : free_) abandoned(port);
}

mach_port_t ReplyPorts::take() {
  mach_port_t port = MACH_PORT_NULL;
  if (free_.empty()) {
    const kern_return_t code = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port);
    return code == KERN_SUCCESS ? port : MACH_PORT_NULL;
  }
  port = free_.back();
  free_.pop_back();
  return port;
}

void ReplyPorts::answered(mach_port_t port) {
  if (free_.size() < kKept) {
    free_.push_back(port);
  } else {
    abandoned(port);
  }
}

void ReplyPorts::abandoned(mach_port_t port) { (void)mach_port_destroy(mach_task_self(), port); }

}  // namespace file
