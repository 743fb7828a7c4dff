#pragma once

#include <cstdint>
#include <vector>

#include "libs/mig/model.h"

namespace mig {

inline constexpr uint32_t kHeaderBytes = 24;
inline constexpr uint32_t kReplyHeaderBytes = 32;  // header, descriptor and value of RetCode
inline constexpr uint32_t kSimpleReplyId = 100;    // reply id = request id + 100

/// A type descriptor: the words that precede an item's data.
struct Descriptor {
  bool long_form = false;
  uint32_t word = 0;       // short: all of it; long: the flags
  uint32_t name_size = 0;  // long: name and size
  uint32_t number = 0;     // elements (long form), 0 where the value decides
  uint32_t bytes() const { return long_form ? 12 : 4; }
};

/// Descriptor word {name, bits, number, inline}.
uint32_t type_word(uint32_t name, uint32_t bits, uint32_t number);

/// The flags of type words.
inline constexpr uint32_t kInlineFlag = 1u << 28;
inline constexpr uint32_t kLongFlag = 1u << 29;
inline constexpr uint32_t kDeallocFlag = 1u << 30;
inline constexpr uint32_t kNumberMask = 0x0fff0000u;
inline constexpr uint32_t kNameMask = 0x000000ffu;

/// One typed item of a message.
struct Item {
  enum class Kind { kData, kCount };  // kCount: the room the caller has for an out array

  Kind kind = Kind::kData;
  const Argument* arg = nullptr;
  Descriptor sent;      // what the sender writes
  Descriptor received;  // what the receiver sees
  // The item begins `offset` bytes after the base of its segment. Segment 0 is the message; every
  // variable item ends a segment, and the next one's base is the end of its data.
  uint32_t segment = 0;
  uint32_t offset = 0;
  uint32_t farthest = 0;    // offset in the message when everything before has its full size
  uint32_t data_bytes = 0;  // padded; the most there can be
  bool variable = false;

  uint32_t data_offset() const { return offset + sent.bytes(); }
  uint32_t end_offset() const { return data_offset() + (variable ? 0 : data_bytes); }
};

/// Where everything in a request or reply is.
struct MessageLayout {
  std::vector<Item> items;
  uint32_t min_size = 0;  // all variable items empty
  uint32_t max_size = 0;
  uint32_t segments = 1;
  uint32_t tail = 0;            // fixed bytes after the last segment's base
  bool complex = false;         // always carries rights or out-of-line memory
  bool may_be_complex = false;  // has unbounded in-line arrays

  bool fixed() const { return segments == 1; }
  const Item* find(const Argument& arg, Item::Kind kind = Item::Kind::kData) const;
};

MessageLayout request_layout(const Routine& routine);
MessageLayout reply_layout(const Routine& routine);

inline constexpr uint32_t padded(uint32_t bytes) { return (bytes + 3) & ~3u; }

}  // namespace mig
