#include "servers/file/pending_disk_read.h"

#include <device/device_request.h>
#include <mach.h>

#include <cerrno>

namespace file {

std::unique_ptr<PendingRead> PendingDiskRead::start(mach_port_t device, ReplyPorts& ports, dev_mode_t mode,
                                                    uint64_t offset, size_t size) {
  const mach_port_t reply_port = ports.take();
  if (reply_port == MACH_PORT_NULL) return nullptr;
  std::unique_ptr<PendingDiskRead> read(new PendingDiskRead(ports, reply_port, size));
  const kern_return_t code =
      device_read_request(device, reply_port, mode, static_cast<recnum_t>(offset / BlockDevice::kSectorSize),
                          static_cast<int>(size));
  if (code != KERN_SUCCESS) return nullptr;
  return read;
}

base::Result<void*> PendingDiskRead::finish() {
  if (!receive() || memory_ == nullptr) return base::Error(EIO);
  return memory_;
}

kern_return_t PendingDiskRead::device_read_reply(mach_port_t, kern_return_t code, io_buf_ptr_t data,
                                                 mach_msg_type_number_t count) {
  if (code == KERN_SUCCESS && count == size_) {
    memory_ = data;
  } else if (count != 0) {
    (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), count);
  }
  return KERN_SUCCESS;
}

}  // namespace file
