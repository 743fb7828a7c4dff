// MachBlockDevice: a disk or partition of the kernel's device interface.
#pragma once

#include <mach/port.h>

#include <memory>
#include <string>

#include "servers/file/block_device.h"
#include "servers/file/reply_ports.h"

namespace file {

class MachBlockDevice final : public BlockDevice {
 public:
  // Opens `name` ("hd0s1") for reading and writing with the device master port. ENXIO: there is no
  // such disk, or it has records of a size unknown here; EBUSY: it is open here already, or a part of it
  // is, or it is a part of such a disk; EIO. Not synchronised.
  static base::Result<std::unique_ptr<MachBlockDevice>> open(mach_port_t device_master,
                                                             const std::string& name);
  ~MachBlockDevice() override;

  [[nodiscard]] uint64_t size() const override { return size_; }
  [[nodiscard]] std::string_view name() const override { return name_; }
  base::Status read(uint64_t offset, std::span<uint8_t> data) override;
  base::Status write(uint64_t offset, std::span<const uint8_t> data) override;
  // What is started must end before the device does.
  std::unique_ptr<PendingRead> start_read(uint64_t offset, size_t size) override;
  std::unique_ptr<PendingWrite> start_write(uint64_t offset, std::span<uint8_t> pages) override;
  base::Status flush() override;

 private:
  MachBlockDevice(std::string name, mach_port_t device, uint64_t size);

  std::string name_;
  mach_port_t device_;
  uint64_t size_;
  ReplyPorts reply_ports_;
};

}  // namespace file
