// PendingDiskWrite: device_write_request, and its answer when it is wanted.
#pragma once

#include <memory>

#include "servers/file/block_device.h"
#include "servers/file/disk_answer.h"

namespace file {

class PendingDiskWrite final : public PendingWrite, private DiskAnswer {
 public:
  // Sends whole pages to a multiple of the sector size, and deallocates them. Null: they could not be sent, and stay.
  // `ports` must outlive it.
  static std::unique_ptr<PendingWrite> start(mach_port_t device, ReplyPorts& ports, uint64_t offset,
                                             std::span<uint8_t> pages);

  base::Status finish() override;

 private:
  PendingDiskWrite(ReplyPorts& ports, mach_port_t reply_port, size_t size)
      : DiskAnswer(ports, reply_port), size_(size) {}

  kern_return_t device_write_reply(mach_port_t reply_port, kern_return_t code, int written) override;

  size_t size_;
  bool written_ = false;
};

}  // namespace file
