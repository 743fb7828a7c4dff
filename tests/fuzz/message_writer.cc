#include "tests/fuzz/message_writer.h"

#include <mach/message_bits.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "kernel/arch/phys.h"
#include "tests/fuzz/device_requests.h"
#include "tests/fuzz/mach4_requests.h"
#include "tests/fuzz/mach_debug_requests.h"
#include "tests/fuzz/mach_host_requests.h"
#include "tests/fuzz/mach_i386_requests.h"
#include "tests/fuzz/mach_port_requests.h"
#include "tests/fuzz/mach_requests.h"

namespace fuzz {
namespace {

using Kind = mig::RequestItem::Kind;

constexpr std::span<const mig::RequestShape> kInterfaces[] = {
    mig::requests::kMach,     mig::requests::kMachPort,  mig::requests::kMachHost,
    mig::requests::kDevice,   mig::requests::kMachDebug, mig::requests::kMachI386,
    mig::requests::kMach4,
};

constexpr uint32_t kNumberMask = 0x0fff0000;
constexpr uint32_t kNameMask = 0xff;

uint32_t element_bits(const mig::RequestItem& item) {
  return item.long_form ? item.name_size >> 16 : item.word >> 8 & 0xff;
}

}  // namespace

mach_port_t MessageWriter::name() {
  const uint32_t choice = input_.byte();
  if (choice < 2 * around_.names) return 1 + choice % around_.names;
  if (choice == 0xff) return MACH_PORT_DEAD;
  if (choice == 0xfe) return MACH_PORT_NULL;
  // One of the names the kernel chooses: slot and generation.
  return (choice & 15) << 8 | choice >> 4;
}

uint32_t MessageWriter::address() {
  const uint32_t choice = input_.byte();
  const uint32_t page = around_.memory + choice % (around_.memory_pages + 1) * arch::kPageSize;
  if (choice < 0xc0) return page;
  return choice < 0xf0 ? page + input_.byte() : input_.word();
}

uint32_t MessageWriter::number() {
  switch (input_.pick(10)) {
    case 0: return 0;
    case 1: return 1;
    case 2: return input_.byte();
    case 3: return input_.pick(8) * arch::kPageSize;
    case 4: return address();
    case 5: return name();
    case 6: return 0u - input_.byte();
    case 7: return 1u << input_.pick(32);
    case 8: return input_.pick(24);
    default: return input_.word();
  }
}

void MessageWriter::string(uint32_t bytes) {
  constexpr std::array<const char*, 4> kStrings = {"null", "time", "console", ""};
  char text[512] = {};
  const uint32_t choice = input_.pick(6);
  if (choice < kStrings.size()) {
    std::strcpy(text, kStrings[choice]);
  } else {
    for (uint32_t i = 0; i + 1 < std::min<uint32_t>(bytes, 8); ++i) text[i] = static_cast<char>(input_.byte());
  }
  for (uint32_t at = 0; at < bytes; at += 4) {
    uint32_t word = 0;
    if (at < sizeof text) std::memcpy(&word, text + at, sizeof word);
    put(word);
  }
}

void MessageWriter::data(const mig::RequestItem& item, uint32_t bytes) {
  if (item.kind == Kind::kString) return string(bytes);
  for (uint32_t at = 0; at < bytes; at += 4) {
    // Long arrays are not worth the input.
    put(at < 128 ? item.kind == Kind::kRights ? name() : number() : 0);
  }
}

void MessageWriter::item(const mig::RequestItem& item) {
  uint32_t word = item.word;
  uint32_t name_size = item.name_size;
  uint32_t number_of = item.number;
  const uint32_t bits = std::max(1u, element_bits(item));
  uint32_t bytes = item.data_bytes;
  const bool is_far = item.kind == Kind::kFarData || item.kind == Kind::kFarRights;
  complex_ |= is_far || item.kind == Kind::kRights;
  uint32_t elements = 0;
  if (item.variable) {
    elements = std::min<uint32_t>(input_.byte() % 40, item.data_bytes * 8 / bits);
    bytes = (elements * bits + 31) / 32 * 4;
  } else if (is_far) {
    elements = item.kind == Kind::kFarRights ? input_.pick(6)
                                             : std::min<uint64_t>(number(), 1u << 24) * 8 / bits;
  }
  if (item.variable || is_far) {
    // Whole values of the C type are a guess: descriptors count the parts of a structure.
    if (item.long_form) {
      number_of = elements;
    } else {
      word = (word & ~kNumberMask) | (elements & 0xfff) << 16;
    }
  }
  if (item.polymorphic) {
    if (item.long_form) {
      name_size = (name_size & ~0xffffu) | disposition();
    } else {
      word = (word & ~kNameMask) | disposition();
    }
  }
  if (is_far && input_.one_in(4)) word ^= mach::kMsgTypeDeallocateBit;
  put(word);
  if (item.long_form) {
    put(name_size);
    put(number_of);
  }
  if (item.kind == Kind::kFarData) return put(address());
  if (item.kind == Kind::kFarRights) return put(around_.far_names + 4 * input_.pick(around_.names));
  if (item.kind == Kind::kCount) return put(input_.one_in(4) ? number() : 1024);
  data(item, bytes);
}

void MessageWriter::request() {
  const auto shapes = kInterfaces[input_.pick(std::size(kInterfaces))];
  const mig::RequestShape& shape = shapes[input_.byte() % shapes.size()];
  id_ = shape.id;
  for (const mig::RequestItem& i : shape.items) item(i);
}

void MessageWriter::any_item() {
  const uint32_t number_of = input_.pick(6);
  const mach::MsgMemory memory =
      input_.one_in(2) ? mach::MsgMemory::deallocate : mach::MsgMemory::keep;
  switch (input_.pick(8)) {
    case 0:
    case 1:
      put(mach::msg_type_inline(MACH_MSG_TYPE_INTEGER_32, 32, number_of));
      for (uint32_t i = 0; i < number_of; ++i) put(number());
      return;
    case 2:
      put(mach::msg_type_inline(disposition(), 32, number_of));
      for (uint32_t i = 0; i < number_of; ++i) put(name());
      complex_ = true;
      return;
    case 3:
      put(mach::msg_type_out_of_line(disposition(), 32, number_of, memory));
      put(around_.far_names + 4 * input_.pick(around_.names));
      complex_ = true;
      return;
    case 4:
      put(mach::msg_type_out_of_line(MACH_MSG_TYPE_BYTE, 8, input_.half() & 0xfff, memory));
      put(address());
      complex_ = true;
      return;
    case 5:  // long form
      put((input_.byte() & 1 ? mach::kMsgTypeInlineBit : 0) | mach::kMsgTypeLongformBit |
          (input_.byte() & 1 ? mach::kMsgTypeDeallocateBit : 0));
      put((input_.byte() & 1 ? disposition() : MACH_MSG_TYPE_BYTE) | input_.pick(65) << 16);
      put(input_.one_in(8) ? input_.word() : input_.half());
      put(input_.one_in(2) ? address() : around_.far_names);
      complex_ = true;
      return;
    case 6: {  // elements of odd sizes
      const uint32_t bits = input_.byte();
      put(mach::msg_type_inline(MACH_MSG_TYPE_BIT, bits, number_of));
      for (uint32_t at = 0; at < bits * number_of; at += 32) put(input_.byte());
      return;
    }
    default:
      return put(input_.word());
  }
}

void MessageWriter::items() {
  id_ = input_.byte();
  for (uint32_t n = input_.pick(6); n > 0; --n) any_item();
}

void MessageWriter::raw() {
  id_ = 2000 + input_.half() % 2200;
  complex_ = input_.byte() & 1;
  for (uint32_t n = input_.byte() % 64; n > 0; --n) put(input_.word());
}

void MessageWriter::spoil() {
  if (input_.byte() < 0xd0) return;
  for (uint32_t n = input_.pick(4); n > 0 && count_ > 0; --n) {
    words_[input_.half() % count_] ^= input_.word();
  }
  if (input_.one_in(4)) count_ = std::min<uint32_t>(count_, input_.byte());
  if (input_.one_in(4)) complex_ = !complex_;
}

}  // namespace fuzz
