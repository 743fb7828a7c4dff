// MachPortSpace: the port rights of this task.
#pragma once

#include "libs/server/port_space.h"

namespace server {

class MachPortSpace final : public PortSpace {
 public:
  // New ports become members of `set`.
  explicit MachPortSpace(mach_port_t set) : set_(set) {}

  base::Result<mach_port_t> allocate() override;
  void destroy(mach_port_t port) override;
  base::Status watch_senders(mach_port_t port, uint32_t make_send_count) override;
  Senders senders(mach_port_t port) override;
  void release(mach_port_t right) override;
  bool is_task(mach_port_t right) override;
  bool is_dead(mach_port_t right) override;

 private:
  mach_port_t set_;
};

}  // namespace server
