// KernelPort: a port whose receive right the kernel keeps, standing for a kernel object.
#pragma once

#include "kernel/ipc/port.h"

namespace ipc {

// Messages sent to the port are dispatched to the kernel's interfaces (rpc::dispatch) with the
// object. Destroying the KernelPort kills the port: senders are left with dead names.
class KernelPort {
 public:
  KernelPort() = default;
  // `object` must outlive the KernelPort. `no_senders`, if given, is called each time the last
  // send right goes. KERN_RESOURCE_SHORTAGE.
  static base::Result<KernelPort> create(KObjectType type, void* object,
                                         NoSendersHook no_senders = nullptr);
  KernelPort(KernelPort&&) = default;
  KernelPort& operator=(KernelPort&&) = default;

  // A send right; null once destroyed. Never fails for lack of memory.
  [[nodiscard]] SendRight make_send() const;
  [[nodiscard]] Port* port() const { return right_.port(); }
  explicit operator bool() const { return bool(right_); }
  // The object stops answering: the port dies.
  void destroy() { right_.reset(); }

 private:
  explicit KernelPort(ReceiveRight right) : right_(std::move(right)) {}
  ReceiveRight right_;
};

}  // namespace ipc
