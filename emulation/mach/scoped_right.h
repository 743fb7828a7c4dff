// A port right that is released at the end of the scope.
#pragma once

#include <mach/port.h>

#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"

namespace emulation {

class ScopedRight {
 public:
  explicit ScopedRight(mach_port_t port) : port_(port) {}
  ScopedRight(const ScopedRight&) = delete;
  ScopedRight& operator=(const ScopedRight&) = delete;
  ~ScopedRight() {
    if (port_ != MACH_PORT_NULL) syscall_mach_port_deallocate(mach_task_self(), port_);
  }
  mach_port_t get() const { return port_; }
  // Gives the right to the caller.
  mach_port_t take() {
    const mach_port_t port = port_;
    port_ = MACH_PORT_NULL;
    return port;
  }

 private:
  mach_port_t port_;
};

}  // namespace emulation
