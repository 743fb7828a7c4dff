/*
 * C++ only: type descriptors as constant words. The compiler cannot bit_cast bit-fields in
 * constant expressions, so the words are put together with shifts; layout_asserts.cc pins that
 * they mean the same as the bit-fields of <mach/message.h>.
 */
#ifndef MACH_MESSAGE_BITS_H_
#define MACH_MESSAGE_BITS_H_

#include <mach/message.h>

#ifdef __cplusplus
namespace mach {

inline constexpr unsigned kMsgTypeNameShift = 0;
inline constexpr unsigned kMsgTypeSizeShift = 8;
inline constexpr unsigned kMsgTypeNumberShift = 16;
inline constexpr unsigned kMsgTypeInlineBit = 1u << 28;
inline constexpr unsigned kMsgTypeLongformBit = 1u << 29;
inline constexpr unsigned kMsgTypeDeallocateBit = 1u << 30;
inline constexpr unsigned kMsgTypeUnusedBit = 1u << 31;

/* Word of a short descriptor for `number` in-line elements of `size_bits` bits each. */
constexpr unsigned msg_type_inline(unsigned name, unsigned size_bits, unsigned number) {
  return name << kMsgTypeNameShift | size_bits << kMsgTypeSizeShift |
         number << kMsgTypeNumberShift | kMsgTypeInlineBit;
}

/* Whether the sender keeps the memory of an out-of-line item. */
enum class MsgMemory { keep, deallocate };

/* Word of a short descriptor for out-of-line data. */
constexpr unsigned msg_type_out_of_line(unsigned name, unsigned size_bits, unsigned number,
                                        MsgMemory memory) {
  return name << kMsgTypeNameShift | size_bits << kMsgTypeSizeShift |
         number << kMsgTypeNumberShift |
         (memory == MsgMemory::deallocate ? kMsgTypeDeallocateBit : 0u);
}

/* First word of a long in-line descriptor. */
constexpr unsigned msg_type_long_inline() { return kMsgTypeInlineBit | kMsgTypeLongformBit; }

/* First word of a long out-of-line descriptor. */
constexpr unsigned msg_type_long_out_of_line(MsgMemory memory) {
  return kMsgTypeLongformBit | (memory == MsgMemory::deallocate ? kMsgTypeDeallocateBit : 0u);
}

constexpr unsigned msg_type_name(unsigned word) { return word & 0xffu; }
constexpr unsigned msg_type_size(unsigned word) { return word >> kMsgTypeSizeShift & 0xffu; }
constexpr unsigned msg_type_number(unsigned word) { return word >> kMsgTypeNumberShift & 0xfffu; }

/* One 32-bit integer, boolean, name: the items most messages are made of. */
inline constexpr unsigned kMsgTypeInt32 = msg_type_inline(MACH_MSG_TYPE_INTEGER_32, 32, 1);
inline constexpr unsigned kMsgTypeBoolean = msg_type_inline(MACH_MSG_TYPE_BOOLEAN, 32, 1);
inline constexpr unsigned kMsgTypePortName = msg_type_inline(MACH_MSG_TYPE_PORT_NAME, 32, 1);

/* One in-line port right with the given disposition. */
constexpr unsigned msg_type_port(unsigned disposition) {
  return msg_type_inline(disposition, 32, 1);
}

}  // namespace mach
#endif

#endif
