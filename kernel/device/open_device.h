// OpenDevice: what one device_open made; the object behind a device port.
#pragma once

#include <device/device_types.h>

#include "kernel/device/device.h"
#include "kernel/ipc/kernel_port.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace device {

// Every device_open makes a port of its own. The device counts as open until device_close on that
// port, or until the port has no senders. After device_close the port lives on and answers
// D_NO_SUCH_DEVICE.
//
// References: one of the port itself, until its last send right goes, and one of each request under
// way.
class OpenDevice final : public base::RefCounted<OpenDevice> {
 public:
  // Opens `device`. The D_ codes of Device::open; D_NO_MEMORY. May block.
  static base::Result<ipc::SendRight> open(Device& device, dev_mode_t mode);

  // The object behind a device port; null when the port is none.
  static base::Ref<OpenDevice> from_port(ipc::Port* port);

  [[nodiscard]] Device& device() const { return device_; }
  [[nodiscard]] bool is_open() const { return open_; }
  // What the mode of device_open allows; a mode without D_READ and D_WRITE allows both.
  [[nodiscard]] bool may_read() const { return allows(D_READ); }
  [[nodiscard]] bool may_write() const { return allows(D_WRITE); }

  // device_close. Harmless when closed.
  void close();

 private:
  friend class base::RefCounted<OpenDevice>;
  OpenDevice(Device& device, dev_mode_t mode) : device_(device), mode_(mode) {}
  ~OpenDevice() = default;

  [[nodiscard]] bool allows(dev_mode_t bit) const {
    return (mode_ & bit) != 0 || (mode_ & (D_READ | D_WRITE)) == 0;
  }
  static void no_senders(void* self);

  Device& device_;
  const dev_mode_t mode_;
  bool open_ = false;
  ipc::KernelPort port_;
};

}  // namespace device
