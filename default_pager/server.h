// Server: memory, ports, paging space and thread of the default pager, put together.
#pragma once

#include <mach/port.h>

#include <memory>
#include <memory_resource>

#include "default_pager/pager.h"
#include "default_pager/swap_space.h"
#include "default_pager/wired_memory.h"
#include "libs/base/result.h"
#include "libs/server/message_loop.h"

namespace default_pager {

class Server {
 public:
  Server(mach_port_t host_priv, mach_port_t device_master);

  // Begins to use a partition. D_..., KERN_... errors.
  base::Status add_partition(const char* name);
  [[nodiscard]] const SwapSpace& space() const { return space_; }

  // To be called by the thread that calls run(): makes the ports, wires this task's memory and the
  // thread, and becomes the default memory manager.
  kern_return_t start();
  // Serves until receiving fails; returns why.
  mach_msg_return_t run();

 private:
  kern_return_t make_ports();

  mach_port_t host_priv_;
  mach_port_t device_master_;
  WiredMemory wired_;
  std::pmr::unsynchronized_pool_resource pool_;
  SwapSpace space_;
  mach_port_t self_ = MACH_PORT_NULL;
  mach_port_t set_ = MACH_PORT_NULL;
  server::Mutex lock_;  // the loop wants one; there is one thread
  std::unique_ptr<Pager> pager_;
  std::unique_ptr<server::MessageLoop> loop_;
};

}  // namespace default_pager
