#include "servers/file/pending_disk_write.h"

#include <device/device_request.h>
#include <mach.h>

#include <cerrno>

namespace file {

std::unique_ptr<PendingWrite> PendingDiskWrite::start(mach_port_t device, ReplyPorts& ports, uint64_t offset,
                                                      std::span<uint8_t> pages) {
  const mach_port_t reply_port = ports.take();
  if (reply_port == MACH_PORT_NULL) return nullptr;
  std::unique_ptr<PendingDiskWrite> write(new PendingDiskWrite(ports, reply_port, pages.size()));
  auto* const data = reinterpret_cast<io_buf_ptr_t>(pages.data());
  const auto size = static_cast<mach_msg_type_number_t>(pages.size());
  const kern_return_t code = device_write_request(
      device, reply_port, 0, static_cast<recnum_t>(offset / BlockDevice::kSectorSize), data, size);
  if (code != KERN_SUCCESS) return nullptr;
  (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), size);
  return write;
}

base::Status PendingDiskWrite::finish() {
  if (!receive() || !written_) return base::Error(EIO);
  return {};
}

kern_return_t PendingDiskWrite::device_write_reply(mach_port_t, kern_return_t code, int written) {
  written_ = code == KERN_SUCCESS && written == static_cast<int>(size_);
  return KERN_SUCCESS;
}

}  // namespace file
