// PortSpace: the few things the services do with port rights, so that tests can do without Mach.
#pragma once

#include <mach/port.h>

#include <cstdint>

#include "libs/base/result.h"

namespace server {

// Errors are errno values (ENFILE, ENOMEM).
class PortSpace {
 public:
  virtual ~PortSpace() = default;

  // A receive right whose messages reach the server's loop.
  virtual base::Result<mach_port_t> allocate() = 0;
  virtual void destroy(mach_port_t port) = 0;
  // Asks for one no-senders notification once `make_send_count` send rights have been made and all
  // of them are gone.
  virtual base::Status watch_senders(mach_port_t port, uint32_t make_send_count) = 0;
  // How many send rights have been made for a port of this server, and whether any is left.
  struct Senders {
    uint32_t made = 0;
    bool any = false;
  };
  virtual Senders senders(mach_port_t port) = 0;
  // Gives one reference of a send or send-once right (or dead name) back.
  virtual void release(mach_port_t right) = 0;
  // Whether the right is for a task, so that the kernel answers what is sent to it.
  virtual bool is_task(mach_port_t right) = 0;
  // Whether the receiver of the right is gone.
  virtual bool is_dead(mach_port_t right) = 0;
};

}  // namespace server
