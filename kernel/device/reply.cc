#include "kernel/device/reply.h"

#include <mach/message_bits.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "kernel/ipc/port.h"
#include "kernel/ipc/send.h"

namespace device {
namespace {

struct ResultLayout {
  mach_msg_header_t header;
  uint32_t result_type;
  io_return_t result;
};

struct WordLayout {
  ResultLayout head;
  uint32_t type;
  uint32_t word;
};

struct InbandLayout {
  ResultLayout head;
  uint32_t type;
  char data[IO_INBAND_MAX];
};

struct OutOfLineLayout {
  ResultLayout head;
  uint32_t type;
  uint16_t element_name;
  uint16_t element_bits;
  uint32_t count;
  uint32_t copy;
};
static_assert(sizeof(WordLayout) == 40 && sizeof(OutOfLineLayout) == 48);

struct FormInfo {
  mach_msg_id_t id;
  mach_msg_size_t size;
};

// By Reply::Form.
constexpr std::array<FormInfo, 5> kForms{{
    {2900, sizeof(WordLayout)},
    {2902, sizeof(WordLayout)},
    {2903, sizeof(WordLayout)},
    {2904, sizeof(OutOfLineLayout)},
    {2905, sizeof(InbandLayout)},
}};

constexpr unsigned kByteBits = 8;

}  // namespace

base::Result<Reply> Reply::create(Form form, Port& port) {
  const FormInfo& info = kForms[static_cast<size_t>(form)];
  Reply reply;
  reply.message_ = ipc::Message::create(info.size, info.id);
  if (!reply.message_) return base::Error(KERN_RESOURCE_SHORTAGE);
  reply.port_ = std::move(port);
  return reply;
}

bool Reply::wanted() const {
  const ipc::Port* port = port_.port();
  return port && port->active();
}

void Reply::send_open(io_return_t result, ipc::SendRight device) {
  begin(result);
  auto& reply = layout<WordLayout>();
  reply.head.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  reply.type = mach::msg_type_port(MACH_MSG_TYPE_PORT_SEND);
  reply.word = ipc::Message::port_to_word(device.leak());
  send(sizeof reply);
}

void Reply::send_written(io_return_t result, uint32_t bytes) {
  begin(result);
  auto& reply = layout<WordLayout>();
  reply.type = mach::kMsgTypeInt32;
  reply.word = bytes;
  send(sizeof reply);
}

void Reply::send_data(io_return_t result, vm::MapCopyPtr data) {
  begin(result);
  auto& reply = layout<OutOfLineLayout>();
  reply.head.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  reply.type = mach::msg_type_long_out_of_line(mach::MsgMemory::keep);
  reply.element_name = MACH_MSG_TYPE_CHAR;
  reply.element_bits = kByteBits;
  reply.count = data ? data->size() : 0;
  reply.copy = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(data.release()));
  send(sizeof reply);
}

void Reply::send_data(io_return_t result, std::span<const uint8_t> data) {
  begin(result);
  auto& reply = layout<InbandLayout>();
  const auto count = static_cast<uint32_t>(data.size());
  const uint32_t padded = (count + 3) & ~3u;
  reply.type = mach::msg_type_inline(MACH_MSG_TYPE_CHAR, kByteBits, count);
  std::ranges::copy(data, reply.data);
  std::fill(reply.data + count, reply.data + padded, 0);
  send(offsetof(InbandLayout, data) + padded);
}

void Reply::begin(io_return_t result) {
  auto& reply = layout<ResultLayout>();
  reply.result_type = mach::kMsgTypeInt32;
  reply.result = result;
}

void Reply::send(mach_msg_size_t size) {
  ipc::MessagePtr message = std::move(message_);
  message->header().msgh_size = size;
  // Without a destination the message is destroyed here, with what it carries.
  if (!port_) return;
  message->set_destination(std::move(port_));
  ipc::send_from_kernel(std::move(message));
}

}  // namespace device
