// MessageBuilder: puts together the typed items of a message the kernel sends.
#pragma once

#include <mach/message_bits.h>

#include "kernel/ipc/message.h"
#include "kernel/vm/map_copy.h"

namespace vm {

// Allocates the message first: what is added afterwards cannot fail.
class MessageBuilder {
 public:
  static constexpr mach_msg_size_t kIntSize = 8;
  static constexpr mach_msg_size_t kPortSize = 8;
  static constexpr mach_msg_size_t kDataSize = 16;

  // `body_size` is the sum of the sizes of the items to come.
  MessageBuilder(mach_msg_id_t id, mach_msg_size_t body_size)
      : message_(ipc::Message::create(sizeof(mach_msg_header_t) + body_size, id)) {
    if (message_) at_ = message_->body();
  }

  // False: memory was short; nothing else may be called.
  explicit operator bool() const { return message_ != nullptr; }

  MessageBuilder& integer(uint32_t value) { return word(mach::kMsgTypeInt32, value); }
  MessageBuilder& boolean(bool value) { return word(mach::kMsgTypeBoolean, value); }
  // A right of any kind moves into the message.
  MessageBuilder& port(ipc::AnyRight right);
  // Out-of-line bytes.
  MessageBuilder& data(MapCopyPtr copy);

  ipc::MessagePtr finish(ipc::AnyRight destination) {
    message_->set_destination(std::move(destination));
    return std::move(message_);
  }

 private:
  MessageBuilder& word(uint32_t type, uint32_t value) {
    put(type);
    put(value);
    return *this;
  }
  void put(uint32_t value) {
    *reinterpret_cast<uint32_t*>(at_) = value;
    at_ += sizeof value;
  }
  void set_complex() { message_->header().msgh_bits |= MACH_MSGH_BITS_COMPLEX; }

  ipc::MessagePtr message_;
  char* at_ = nullptr;
};

}  // namespace vm
