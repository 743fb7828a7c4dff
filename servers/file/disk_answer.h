// DiskAnswer: what the kernel's device interface answers to one asynchronous request.
#pragma once

#include <mach/port.h>

#include "servers/file/device_reply_server.h"
#include "servers/file/reply_ports.h"

namespace file {

// Has a reply port for itself until the answer has been received; one that was not waited for goes with the port.
// Subclasses override what they have asked for.
class DiskAnswer : private DeviceReplyInterface {
 public:
  DiskAnswer(const DiskAnswer&) = delete;
  DiskAnswer& operator=(const DiskAnswer&) = delete;

 protected:
  // `ports` must outlive it; `reply_port` is from there.
  DiskAnswer(ReplyPorts& ports, mach_port_t reply_port) : ports_(ports), reply_port_(reply_port) {}
  ~DiskAnswer();

  // Waits for the answer and has it handled. Once. False: none has come.
  bool receive();

  kern_return_t device_read_reply(mach_port_t reply_port, kern_return_t code, io_buf_ptr_t data,
                                  mach_msg_type_number_t count) override;
  kern_return_t device_write_reply(mach_port_t reply_port, kern_return_t code, int written) override;

 private:
  kern_return_t device_open_reply(mach_port_t, kern_return_t, mach_port_t) override;
  kern_return_t device_write_reply_inband(mach_port_t, kern_return_t, int) override;
  kern_return_t device_read_reply_inband(mach_port_t, kern_return_t, const char*, mach_msg_type_number_t) override;

  ReplyPorts& ports_;
  mach_port_t reply_port_;  // null: the answer has been received
};

}  // namespace file
