#include "libs/mig/layout.h"

namespace mig {
namespace {

constexpr uint32_t kPointerBytes = 4;
constexpr uint32_t kInteger32 = 2;

Descriptor descriptor(const Type& type, int name) {
  Descriptor result;
  const uint32_t shown = name == kPolymorphic ? 0 : static_cast<uint32_t>(name);
  const bool counted = type.has_count() || type.varying;
  const uint32_t number = counted ? 0 : type.elements;
  result.long_form = type.long_form;
  result.word = type.place == Place::kOutOfLine ? 0 : kInlineFlag;
  if (type.long_form) {
    result.word |= kLongFlag;
    result.name_size = shown | type.element_bits << 16;
    result.number = number;
  } else {
    result.word |= shown | type.element_bits << 8 | number << 16;
  }
  return result;
}

uint32_t most_data_bytes(const Type& type) {
  if (type.place == Place::kOutOfLine) return kPointerBytes;
  if (type.place == Place::kEither) return kMaxUnboundedInline;
  if (type.has_count()) return padded(type.max_count * type.unit_bytes());
  if (type.varying) return padded(type.max_count);
  return padded(type.unit_bytes());
}

Item data_item(const Argument& arg) {
  Item item;
  item.arg = &arg;
  item.sent = descriptor(arg.type, arg.type.sent_name);
  item.received = descriptor(arg.type, arg.type.received_name);
  item.data_bytes = most_data_bytes(arg.type);
  item.variable = arg.type.variable();
  if (arg.type.dealloc == Dealloc::kYes && arg.type.place == Place::kOutOfLine) {
    item.sent.word |= kDeallocFlag;
  }
  return item;
}

Item count_item(const Argument& arg) {
  Item item;
  item.kind = Item::Kind::kCount;
  item.arg = &arg;
  item.sent.word = item.received.word = type_word(kInteger32, 32, 1);
  item.data_bytes = 4;
  return item;
}

void add(MessageLayout& layout, Item item, uint32_t& segment_size) {
  item.segment = layout.segments - 1;
  item.offset = segment_size;
  item.farthest = layout.max_size;
  layout.max_size += item.sent.bytes() + item.data_bytes;
  layout.min_size += item.sent.bytes() + (item.variable ? 0 : item.data_bytes);
  segment_size = item.end_offset();
  if (item.variable) {
    ++layout.segments;
    segment_size = 0;
  }
  if (item.kind == Item::Kind::kData) {
    const Type& type = item.arg->type;
    if (type.is_port() || type.place == Place::kOutOfLine) layout.complex = true;
    if (type.place == Place::kEither) layout.may_be_complex = true;
  }
  layout.items.push_back(item);
}

}  // namespace

uint32_t type_word(uint32_t name, uint32_t bits, uint32_t number) {
  return name | bits << 8 | number << 16 | kInlineFlag;
}

const Item* MessageLayout::find(const Argument& arg, Item::Kind kind) const {
  for (const Item& item : items) {
    if (item.arg == &arg && item.kind == kind) return &item;
  }
  return nullptr;
}

MessageLayout request_layout(const Routine& routine) {
  MessageLayout layout;
  layout.min_size = layout.max_size = kHeaderBytes;
  uint32_t segment_size = kHeaderBytes;
  for (const Argument& arg : routine.args) {
    if (arg.role != Role::kData) continue;
    if (arg.in) add(layout, data_item(arg), segment_size);
    if (arg.count_in_out) add(layout, count_item(arg), segment_size);
  }
  layout.tail = segment_size;
  return layout;
}

MessageLayout reply_layout(const Routine& routine) {
  MessageLayout layout;
  layout.min_size = layout.max_size = kReplyHeaderBytes;
  uint32_t segment_size = kReplyHeaderBytes;
  for (const Argument& arg : routine.args) {
    if (arg.role == Role::kData && arg.out) add(layout, data_item(arg), segment_size);
  }
  layout.tail = segment_size;
  return layout;
}

}  // namespace mig
