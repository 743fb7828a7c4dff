#include "kernel/ipc/kernel_port.h"

namespace ipc {

base::Result<KernelPort> KernelPort::create(KObjectType type, void* object,
                                            NoSendersHook no_senders) {
  ReceiveRight right = TRY(Port::create());
  right.port()->set_kobject(type, object, no_senders);
  return KernelPort(std::move(right));
}

SendRight KernelPort::make_send() const {
  return right_ ? ipc::make_send(*right_.port()) : SendRight();
}

}  // namespace ipc
