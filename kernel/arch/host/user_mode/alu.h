// Arithmetic with flags. T is uint8_t, uint16_t or uint32_t; `flags` is the EFLAGS word.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "kernel/arch/host/user_mode/registers.h"

namespace user_mode {

template <typename T>
inline constexpr unsigned kBits = sizeof(T) * 8;

// The operations of the opcodes 00 to 3F and of group 1, and of the shift group.
enum class Operation : uint8_t { kAdd, kOr, kAdc, kSbb, kAnd, kSub, kXor, kCmp };
enum class Shift : uint8_t { kRol, kRor, kRcl, kRcr, kShl, kShr, kSal, kSar };

constexpr uint32_t flag_if(bool condition, uint32_t flag) { return condition ? flag : 0; }

template <typename T>
constexpr bool top_bit(T value) {
  return (value >> (kBits<T> - 1)) & 1;
}

template <typename T>
constexpr int64_t sign_extend(T value) {
  return static_cast<std::make_signed_t<T>>(value);
}

template <typename T>
constexpr uint32_t result_flags(T r) {
  const bool even = std::popcount(static_cast<uint8_t>(r)) % 2 == 0;
  return flag_if(r == 0, flag::kZero) | flag_if(top_bit(r), flag::kSign) |
         flag_if(even, flag::kParity);
}

constexpr void set_status(uint32_t& flags, uint32_t status) {
  flags = (flags & ~flag::kStatus) | status;
}

constexpr void set_flag(uint32_t& flags, uint32_t flag, bool on) {
  flags = (flags & ~flag) | flag_if(on, flag);
}

template <typename T>
T add(uint32_t& flags, T a, T b, bool carry = false) {
  const uint64_t sum = uint64_t{a} + b + carry;
  const T r = static_cast<T>(sum);
  set_status(flags, result_flags(r) | flag_if(sum >> kBits<T>, flag::kCarry) |
                        (static_cast<uint32_t>(a ^ b ^ r) & flag::kAdjust) |
                        flag_if(top_bit<T>((a ^ r) & (b ^ r)), flag::kOverflow));
  return r;
}

template <typename T>
T subtract(uint32_t& flags, T a, T b, bool borrow = false) {
  const T r = static_cast<T>(uint64_t{a} - b - borrow);
  set_status(flags, result_flags(r) | flag_if(uint64_t{a} < uint64_t{b} + borrow, flag::kCarry) |
                        (static_cast<uint32_t>(a ^ b ^ r) & flag::kAdjust) |
                        flag_if(top_bit<T>((a ^ b) & (a ^ r)), flag::kOverflow));
  return r;
}

template <typename T>
T logic(uint32_t& flags, T r) {
  set_status(flags, result_flags(r));
  return r;
}

// kCmp gives `a` back.
template <typename T>
T combine(uint32_t& flags, Operation operation, T a, T b) {
  const bool carry = flags & flag::kCarry;
  switch (operation) {
    case Operation::kAdd: return add<T>(flags, a, b);
    case Operation::kOr: return logic<T>(flags, a | b);
    case Operation::kAdc: return add<T>(flags, a, b, carry);
    case Operation::kSbb: return subtract<T>(flags, a, b, carry);
    case Operation::kAnd: return logic<T>(flags, a & b);
    case Operation::kSub: return subtract<T>(flags, a, b);
    case Operation::kXor: return logic<T>(flags, a ^ b);
    case Operation::kCmp: break;
  }
  (void)subtract<T>(flags, a, b);
  return a;
}

// The signed product's low half; carry and overflow tell whether that is all of it.
template <typename T>
T multiply(uint32_t& flags, T a, T b) {
  const int64_t product = sign_extend(a) * sign_extend(b);
  const T r = static_cast<T>(product);
  const bool lost = sign_extend(r) != product;
  set_flag(flags, flag::kCarry, lost);
  set_flag(flags, flag::kOverflow, lost);
  return r;
}

// INC and DEC leave the carry alone.
template <typename T>
T step(uint32_t& flags, T a, bool up) {
  const uint32_t carry = flags & flag::kCarry;
  const T r = up ? add<T>(flags, a, 1) : subtract<T>(flags, a, 1);
  flags = (flags & ~flag::kCarry) | carry;
  return r;
}

// Through the carry, one bit at a time.
template <typename T>
T rotate_with_carry(uint32_t& flags, bool left, T a, unsigned count) {
  bool carry = flags & flag::kCarry;
  for (; count != 0; --count) {
    const bool out = left ? top_bit(a) : a & 1;
    a = left ? static_cast<T>(uint32_t{a} << 1 | carry)
             : static_cast<T>(uint32_t{a} >> 1 | uint32_t{carry} << (kBits<T> - 1));
    carry = out;
  }
  set_flag(flags, flag::kCarry, carry);
  const bool second = (a >> (kBits<T> - 2)) & 1;
  set_flag(flags, flag::kOverflow, top_bit(a) != (left ? carry : second));
  return a;
}

template <typename T>
T rotate(uint32_t& flags, bool left, T a, unsigned count) {
  const auto n = static_cast<int>(count % kBits<T>);
  const T r = left ? std::rotl(a, n) : std::rotr(a, n);
  const bool carry = left ? r & 1 : top_bit(r);
  const bool second = (r >> (kBits<T> - 2)) & 1;
  set_flag(flags, flag::kCarry, carry);
  set_flag(flags, flag::kOverflow, top_bit(r) != (left ? carry : second));
  return r;
}

// `a` shifted in a wider word, sign extended or not; `count` is 1 to 31.
template <typename T>
T shift_right(uint32_t& flags, T a, unsigned count, int64_t extended) {
  const T r = static_cast<T>(extended >> count);
  const bool carry = (extended >> (count - 1)) & 1;
  set_status(flags, result_flags(r) | flag_if(carry, flag::kCarry) |
                        flag_if(top_bit(a) != top_bit(static_cast<T>(extended >> 1)),
                                flag::kOverflow));
  return r;
}

template <typename T>
T shift_left(uint32_t& flags, T a, unsigned count) {
  const uint64_t wide = uint64_t{a} << count;
  const T r = static_cast<T>(wide);
  const bool carry = (wide >> kBits<T>) & 1;
  set_status(flags, result_flags(r) | flag_if(carry, flag::kCarry) |
                        flag_if(top_bit(r) != carry, flag::kOverflow));
  return r;
}

// A count of zero changes nothing, flags included.
template <typename T>
T shift(uint32_t& flags, Shift kind, T a, unsigned count) {
  count &= 31;
  if (count == 0) return a;
  switch (kind) {
    case Shift::kRol: return rotate<T>(flags, true, a, count);
    case Shift::kRor: return rotate<T>(flags, false, a, count);
    case Shift::kRcl: return rotate_with_carry<T>(flags, true, a, count);
    case Shift::kRcr: return rotate_with_carry<T>(flags, false, a, count);
    case Shift::kShr: return shift_right<T>(flags, a, count, int64_t{a});
    case Shift::kSar: return shift_right<T>(flags, a, count, sign_extend(a));
    case Shift::kShl:
    case Shift::kSal: break;
  }
  return shift_left<T>(flags, a, count);
}

// SHLD and SHRD: bits of `b` follow those of `a`.
template <typename T>
T shift_double(uint32_t& flags, bool left, T a, T b, unsigned count) {
  count &= 31;
  if (count == 0) return a;
  const uint64_t wide = left ? uint64_t{a} << kBits<T> | b : uint64_t{b} << kBits<T> | a;
  const T r = static_cast<T>(left ? wide << count >> kBits<T> : wide >> count);
  const bool carry = left ? wide >> (2 * kBits<T> - count) & 1 : wide >> (count - 1) & 1;
  set_status(flags, result_flags(r) | flag_if(carry, flag::kCarry) |
                        flag_if(top_bit(r) != top_bit(a), flag::kOverflow));
  return r;
}

// The conditions of Jcc, SETcc and CMOVcc.
constexpr bool holds(uint32_t flags, unsigned condition) {
  const bool sign = flags & flag::kSign, overflow = flags & flag::kOverflow;
  bool result = false;
  switch (condition >> 1) {
    case 0: result = overflow; break;
    case 1: result = flags & flag::kCarry; break;
    case 2: result = flags & flag::kZero; break;
    case 3: result = flags & (flag::kCarry | flag::kZero); break;
    case 4: result = sign; break;
    case 5: result = flags & flag::kParity; break;
    case 6: result = sign != overflow; break;
    case 7: result = (flags & flag::kZero) || sign != overflow; break;
  }
  return result != (condition & 1);
}

}  // namespace user_mode
