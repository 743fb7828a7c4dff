// PendingDiskRead: device_read_request, and its answer when it is wanted.
#pragma once

#include <device/device_types.h>

#include <memory>

#include "servers/file/block_device.h"
#include "servers/file/disk_answer.h"

namespace file {

class PendingDiskRead final : public PendingRead, private DiskAnswer {
 public:
  // Asks for `size` bytes at a multiple of the sector size. Null: it could not be asked for. `ports` must outlive it.
  static std::unique_ptr<PendingRead> start(mach_port_t device, ReplyPorts& ports, dev_mode_t mode, uint64_t offset,
                                            size_t size);

  [[nodiscard]] size_t size() const override { return size_; }
  base::Result<void*> finish() override;

 private:
  PendingDiskRead(ReplyPorts& ports, mach_port_t reply_port, size_t size) : DiskAnswer(ports, reply_port), size_(size) {}

  kern_return_t device_read_reply(mach_port_t reply_port, kern_return_t code, io_buf_ptr_t data,
                                  mach_msg_type_number_t count) override;

  size_t size_;
  void* memory_ = nullptr;
};

}  // namespace file
