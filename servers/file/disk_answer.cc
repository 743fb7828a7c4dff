#include "servers/file/disk_answer.h"

#include <mach.h>

#include <utility>

namespace file {

DiskAnswer::~DiskAnswer() {
  if (reply_port_ != MACH_PORT_NULL) ports_.abandoned(reply_port_);
}

bool DiskAnswer::receive() {
  alignas(mach_msg_header_t) char in[kMaxRequestSize];
  alignas(mach_msg_header_t) char out[kMaxReplySize];
  auto* const reply = reinterpret_cast<mach_msg_header_t*>(in);
  const mach_msg_return_t code =
      mach_msg(reply, MACH_RCV_MSG, 0, sizeof in, reply_port_, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
  if (code != MACH_MSG_SUCCESS) return false;
  ports_.answered(std::exchange(reply_port_, MACH_PORT_NULL));
  (void)dispatch(reply, reinterpret_cast<mach_msg_header_t*>(out), sizeof out);
  return true;
}

// Not asked for.
kern_return_t DiskAnswer::device_open_reply(mach_port_t, kern_return_t, mach_port_t) { return KERN_INVALID_ARGUMENT; }
kern_return_t DiskAnswer::device_write_reply(mach_port_t, kern_return_t, int) { return KERN_INVALID_ARGUMENT; }
kern_return_t DiskAnswer::device_write_reply_inband(mach_port_t, kern_return_t, int) { return KERN_INVALID_ARGUMENT; }
kern_return_t DiskAnswer::device_read_reply(mach_port_t, kern_return_t, io_buf_ptr_t, mach_msg_type_number_t) {
  return KERN_INVALID_ARGUMENT;
}
kern_return_t DiskAnswer::device_read_reply_inband(mach_port_t, kern_return_t, const char*, mach_msg_type_number_t) {
  return KERN_INVALID_ARGUMENT;
}

}  // namespace file
