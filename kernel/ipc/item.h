// Items of a message body: descriptor decoding (book appendix D, mach_msg_type).
#pragma once

#include <mach/message.h>
#include <mach/message_bits.h>

#include <cstdint>

#include "kernel/ipc/right.h"

namespace ipc {

class Message;

// One decoded item. `data` is the in-line data, or the word with the out-of-line address.
struct Item {
  char* descriptor;
  char* data;
  mach_msg_type_name_t name;
  uint32_t element_bits;
  uint32_t number;
  uint64_t data_bytes;  // of all elements, in line or out of line
  uint32_t flags;       // the descriptor's first word

  [[nodiscard]] bool is_inline() const { return flags & mach::kMsgTypeInlineBit; }
  [[nodiscard]] bool is_long() const { return flags & mach::kMsgTypeLongformBit; }
  [[nodiscard]] bool deallocate() const { return flags & mach::kMsgTypeDeallocateBit; }
  [[nodiscard]] bool is_port() const { return MACH_MSG_TYPE_PORT_ANY(name); }
  // The item's words (rights in line, or the address word).
  [[nodiscard]] uint32_t* words() const { return reinterpret_cast<uint32_t*>(data); }
  // Rewrites the descriptor in place.
  void set_name(mach_msg_type_name_t name);
  void set_deallocate();
  void clear_element_bits();
};

// Walks the items of a body from front to back.
class ItemReader {
 public:
  explicit ItemReader(Message& message);

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  // Where the next item begins.
  [[nodiscard]] char* position() const { return at_; }
  // Decodes the next item and moves behind it. MACH_SEND_INVALID_TYPE: a descriptor breaks a rule;
  // MACH_SEND_MSG_TOO_SMALL: the item runs over the end of the message.
  mach_msg_return_t next(Item& item);
  // Moves over what needs no translation and breaks no rule: short descriptors of in-line data.
  void skip_plain();

 private:
  // Name, size, number and place of the data.
  mach_msg_return_t decode_short(Item& item, uint32_t word);
  mach_msg_return_t decode_long(Item& item, uint32_t word);

  char* at_;
  char* end_;
};

inline void ItemReader::skip_plain() {
  constexpr uint32_t kForm = mach::kMsgTypeInlineBit | mach::kMsgTypeLongformBit |
                             mach::kMsgTypeDeallocateBit | mach::kMsgTypeUnusedBit;
  while (static_cast<size_t>(end_ - at_) >= sizeof(mach_msg_type_t)) {
    uint32_t word;
    __builtin_memcpy(&word, at_, sizeof word);
    if ((word & kForm) != mach::kMsgTypeInlineBit) return;
    if (MACH_MSG_TYPE_PORT_ANY(mach::msg_type_name(word))) return;
    const uint32_t bits = mach::msg_type_size(word) * mach::msg_type_number(word);
    const uint32_t size = sizeof word + (((bits + 31) >> 5) << 2);
    if (static_cast<uint32_t>(end_ - at_) < size) return;
    at_ += size;
  }
}

// The kind of right a canonical type (MOVE_RECEIVE, MOVE_SEND, MOVE_SEND_ONCE) stands for.
inline RightKind kind_of_type(mach_msg_type_name_t name) {
  if (name == MACH_MSG_TYPE_MOVE_RECEIVE) return RightKind::kReceive;
  return name == MACH_MSG_TYPE_MOVE_SEND_ONCE ? RightKind::kSendOnce : RightKind::kSend;
}

// What a right sent with this disposition arrives as.
constexpr mach_msg_type_name_t arrival_type(mach_msg_type_name_t disposition) {
  switch (disposition) {
    case MACH_MSG_TYPE_COPY_SEND:
    case MACH_MSG_TYPE_MAKE_SEND:
      return MACH_MSG_TYPE_MOVE_SEND;
    case MACH_MSG_TYPE_MAKE_SEND_ONCE:
      return MACH_MSG_TYPE_MOVE_SEND_ONCE;
    default:
      return disposition;
  }
}

constexpr mach_msg_type_name_t type_of_kind(RightKind kind) {
  switch (kind) {
    case RightKind::kReceive:
      return MACH_MSG_TYPE_MOVE_RECEIVE;
    case RightKind::kSendOnce:
      return MACH_MSG_TYPE_MOVE_SEND_ONCE;
    default:
      return MACH_MSG_TYPE_MOVE_SEND;
  }
}

}  // namespace ipc
