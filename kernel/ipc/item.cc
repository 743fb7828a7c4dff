#include "kernel/ipc/item.h"

#include "kernel/ipc/message.h"

namespace ipc {
namespace {

// First word of every descriptor.
uint32_t load(const char* p) {
  uint32_t w;
  __builtin_memcpy(&w, p, sizeof w);
  return w;
}

constexpr uint32_t kShortFields = ~(mach::kMsgTypeInlineBit | mach::kMsgTypeLongformBit |
                                    mach::kMsgTypeDeallocateBit | mach::kMsgTypeUnusedBit);
constexpr uint32_t kPortBits32 = 32;
constexpr uint32_t kAddressSize = 4;

// Offsets in a mach_msg_type_long_t.
constexpr uint32_t kLongName = 4;
constexpr uint32_t kLongSize = 6;
constexpr uint32_t kLongNumber = 8;

}  // namespace

void Item::set_name(mach_msg_type_name_t new_name) {
  name = new_name;
  if (is_long()) {
    const auto n = static_cast<uint16_t>(new_name);
    __builtin_memcpy(descriptor + kLongName, &n, sizeof n);
  } else {
    descriptor[0] = static_cast<char>(new_name);
  }
}

void Item::set_deallocate() {
  const uint32_t w = load(descriptor) | mach::kMsgTypeDeallocateBit;
  __builtin_memcpy(descriptor, &w, sizeof w);
  flags = w;
}

void Item::clear_element_bits() {
  element_bits = 0;
  if (is_long()) {
    __builtin_memset(descriptor + kLongSize, 0, sizeof(uint16_t));
  } else {
    descriptor[1] = 0;
  }
}

ItemReader::ItemReader(Message& message)
    : at_(message.body()), end_(message.bytes() + message.size()) {}

inline mach_msg_return_t ItemReader::decode_short(Item& item, uint32_t word) {
  item.name = mach::msg_type_name(word);
  item.element_bits = mach::msg_type_size(word);
  item.number = mach::msg_type_number(word);
  item.data = at_ + sizeof(mach_msg_type_t);
  return MACH_MSG_SUCCESS;
}

inline mach_msg_return_t ItemReader::decode_long(Item& item, uint32_t word) {
  if (word & kShortFields) return MACH_SEND_INVALID_TYPE;
  if (static_cast<size_t>(end_ - at_) < sizeof(mach_msg_type_long_t)) {
    return MACH_SEND_MSG_TOO_SMALL;
  }
  uint16_t half;
  __builtin_memcpy(&half, at_ + kLongName, sizeof half);
  item.name = half;
  __builtin_memcpy(&half, at_ + kLongSize, sizeof half);
  item.element_bits = half;
  item.number = load(at_ + kLongNumber);
  item.data = at_ + sizeof(mach_msg_type_long_t);
  return MACH_MSG_SUCCESS;
}

mach_msg_return_t ItemReader::next(Item& item) {
  if (static_cast<size_t>(end_ - at_) < sizeof(mach_msg_type_t)) return MACH_SEND_MSG_TOO_SMALL;
  const uint32_t word = load(at_);
  item.descriptor = at_;
  item.flags = word;
  if (word & mach::kMsgTypeUnusedBit) return MACH_SEND_INVALID_TYPE;
  const mach_msg_return_t r = word & mach::kMsgTypeLongformBit ? decode_long(item, word)
                                                               : decode_short(item, word);
  if (r != MACH_MSG_SUCCESS) return r;
  if (item.is_port() && item.element_bits != kPortBits32) return MACH_SEND_INVALID_TYPE;
  item.data_bytes = (uint64_t{item.element_bits} * item.number + 7) >> 3;
  const auto room = static_cast<uint32_t>(end_ - item.data);
  if (!item.is_inline()) {
    if (room < kAddressSize) return MACH_SEND_MSG_TOO_SMALL;
    at_ = item.data + kAddressSize;
    return MACH_MSG_SUCCESS;
  }
  if (item.deallocate()) return MACH_SEND_INVALID_TYPE;
  const uint64_t padded = (item.data_bytes + 3) & ~uint64_t{3};
  if (room < padded) return MACH_SEND_MSG_TOO_SMALL;
  at_ = item.data + padded;
  return MACH_MSG_SUCCESS;
}

}  // namespace ipc
