// Reply: the answer to a request for input or output, ready to be sent later.
#pragma once

#include <device/device_types.h>
#include <mach/message.h>

#include <cstdint>
#include <span>
#include <utility>

#include "kernel/ipc/message.h"
#include "kernel/vm/map_copy.h"
#include "libs/base/result.h"

namespace device {

// The message is allocated with the request, so that a finished transfer can always be reported.
// Its layout is that of the ordinary RPC reply and of the device_reply message alike (book
// appendix A; they differ in nothing but who decodes them). Failures use the full layout too, as
// the asynchronous form expects.
class Reply {
 public:
  using Port = ipc::AnyRight;

  enum class Form : uint8_t { kOpen, kWrite, kWriteInband, kRead, kReadInband };

  Reply() = default;
  // Takes the reply right over, which may be null (nobody wants to know).
  // KERN_RESOURCE_SHORTAGE: the right is still with the caller.
  static base::Result<Reply> create(Form form, Port& port);

  // False when the receiver has gone: whatever is sent gets lost.
  [[nodiscard]] bool wanted() const;

  // Gives the reply right back; nothing is sent.
  [[nodiscard]] Port take_port() { return std::move(port_); }

  // Each sends the message; the reply is empty afterwards.
  void send_open(io_return_t result, ipc::SendRight device);
  void send_written(io_return_t result, uint32_t bytes);
  // Takes `data` over, null with an error or for no data.
  void send_data(io_return_t result, vm::MapCopyPtr data);
  // At most IO_INBAND_MAX bytes.
  void send_data(io_return_t result, std::span<const uint8_t> data);

 private:
  void begin(io_return_t result);
  void send(mach_msg_size_t size);
  template <typename Layout>
  Layout& layout() {
    return *reinterpret_cast<Layout*>(message_->bytes());
  }

  ipc::MessagePtr message_;
  Port port_;
};

}  // namespace device
