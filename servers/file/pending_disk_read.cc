#include "servers/file/pending_disk_read.h"

#include <device/device_request.h>
#include <mach.h>

#include <cerrno>
#include <utility>

namespace file {

std::unique_ptr<PendingRead> PendingDiskRead::start(mach_port_t device, ReplyPorts& ports, uint64_t offset,
                                                    size_t size) {
  const mach_port_t reply_port = ports.take();
  if (reply_port == MACH_PORT_NULL) return nullptr;
  std::unique_ptr<PendingDiskRead> read(new PendingDiskRead(ports, reply_port, size));
  const kern_return_t code =
      device_read_request(device, reply_port, 0, static_cast<recnum_t>(offset / BlockDevice::kSectorSize),
                          static_cast<int>(size));
  if (code != KERN_SUCCESS) return nullptr;
  return read;
}

PendingDiskRead::~PendingDiskRead() {
  if (reply_port_ != MACH_PORT_NULL) ports_.abandoned(reply_port_);
}

base::Result<void*> PendingDiskRead::finish() {
  alignas(mach_msg_header_t) char in[kMaxRequestSize];
  alignas(mach_msg_header_t) char out[kMaxReplySize];
  auto* const reply = reinterpret_cast<mach_msg_header_t*>(in);
  const mach_msg_return_t code =
      mach_msg(reply, MACH_RCV_MSG, 0, sizeof in, reply_port_, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
  if (code != MACH_MSG_SUCCESS) return base::Error(EIO);
  ports_.answered(std::exchange(reply_port_, MACH_PORT_NULL));
  (void)dispatch(reply, reinterpret_cast<mach_msg_header_t*>(out), sizeof out);
  if (memory_ == nullptr) return base::Error(EIO);
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

// Not asked for.
kern_return_t PendingDiskRead::device_open_reply(mach_port_t, kern_return_t, mach_port_t) {
  return KERN_INVALID_ARGUMENT;
}
kern_return_t PendingDiskRead::device_write_reply(mach_port_t, kern_return_t, int) {
  return KERN_INVALID_ARGUMENT;
}
kern_return_t PendingDiskRead::device_write_reply_inband(mach_port_t, kern_return_t, int) {
  return KERN_INVALID_ARGUMENT;
}
kern_return_t PendingDiskRead::device_read_reply_inband(mach_port_t, kern_return_t, const char*,
                                                        mach_msg_type_number_t) {
  return KERN_INVALID_ARGUMENT;
}

}  // namespace file
