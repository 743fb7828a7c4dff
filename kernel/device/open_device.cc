#include "kernel/device/open_device.h"

#include <new>
#include <utility>

namespace device {

base::Result<ipc::SendRight> OpenDevice::open(Device& device, dev_mode_t mode) {
  auto opener = base::adopt_ref(new (std::nothrow) OpenDevice(device, mode));
  if (!opener) return base::Error(D_NO_MEMORY);
  auto port = ipc::KernelPort::create(ipc::KObjectType::kDevice, opener.get(), no_senders);
  if (!port.ok()) return base::Error(to_io_return(port.code()));
  opener->port_ = port.take();

  // Counted before the driver is asked, which may block: two first opens must not both be first.
  const bool first = device.open_count_++ == 0;
  if (const io_return_t result = device.open(mode, first); result != D_SUCCESS) {
    --device.open_count_;
    opener->port_.destroy();
    return base::Error(result);
  }
  opener->open_ = true;
  ipc::SendRight right = opener->port_.make_send();
  (void)opener.leak();  // The port's reference, until no_senders().
  return right;
}

base::Ref<OpenDevice> OpenDevice::from_port(ipc::Port* port) {
  if (!ipc::is_port(port)) return nullptr;
  return base::Ref<OpenDevice>(
      static_cast<OpenDevice*>(port->kobject(ipc::KObjectType::kDevice)));
}

void OpenDevice::close() {
  if (!open_) return;
  open_ = false;
  device_.cancel(*this);
  if (--device_.open_count_ == 0) device_.close();
}

void OpenDevice::no_senders(void* self) {
  const auto opener = base::Ref<OpenDevice>::adopt(static_cast<OpenDevice*>(self));
  opener->close();
  opener->port_.destroy();
}

}  // namespace device
