// vm_set_default_memory_manager (book chapter 5).
#include "kernel/rpc/mach_server.h"
#include "kernel/vm/default_manager.h"

namespace rpc {

kern_return_t vm_set_default_memory_manager(HostPrivRef host_priv, SendRight* default_manager) {
  if (!host_priv) return KERN_INVALID_ARGUMENT;
  *default_manager = vm::set_default_memory_manager(std::move(*default_manager));
  return KERN_SUCCESS;
}

}  // namespace rpc
