// PendingDiskRead: device_read_request, and its answer when it is wanted.
#pragma once

#include <mach/port.h>

#include <memory>

#include "servers/file/block_device.h"
#include "servers/file/device_reply_server.h"
#include "servers/file/reply_ports.h"

namespace file {

// Has a reply port for itself until the answer has been received; one that was not waited for goes with the port.
class PendingDiskRead final : public PendingRead, private DeviceReplyInterface {
 public:
  // Asks for `size` bytes at a multiple of the sector size. Null: it could not be asked for. `ports` must outlive it.
  static std::unique_ptr<PendingRead> start(mach_port_t device, ReplyPorts& ports, uint64_t offset, size_t size);
  ~PendingDiskRead() override;

  [[nodiscard]] size_t size() const override { return size_; }
  base::Result<void*> finish() override;

 private:
  PendingDiskRead(ReplyPorts& ports, mach_port_t reply_port, size_t size)
      : ports_(ports), reply_port_(reply_port), size_(size) {}

  kern_return_t device_open_reply(mach_port_t, kern_return_t, mach_port_t) override;
  kern_return_t device_write_reply(mach_port_t, kern_return_t, int) override;
  kern_return_t device_write_reply_inband(mach_port_t, kern_return_t, int) override;
  kern_return_t device_read_reply(mach_port_t reply_port, kern_return_t code, io_buf_ptr_t data,
                                  mach_msg_type_number_t count) override;
  kern_return_t device_read_reply_inband(mach_port_t, kern_return_t, const char*,
                                         mach_msg_type_number_t) override;

  ReplyPorts& ports_;
  mach_port_t reply_port_;  // null: the answer has been received
  size_t size_;
  void* memory_ = nullptr;
};

}  // namespace file
