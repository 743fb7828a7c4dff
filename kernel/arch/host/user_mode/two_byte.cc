// The instructions whose opcode begins with 0F.
#include <bit>

#include "kernel/arch/host/user_mode/alu.h"
#include "kernel/arch/host/user_mode/instructions.h"

namespace user_mode {

using I = Instructions;

void I::move_if(P& p) {
  p.by_word([&]<typename T>(T) {
    const auto from = p.operand();
    const T value = p.get<T>(from);
    if (holds(p.r_.eflags, p.opcode_ & 15)) p.set<T>(p.reg_, value);
  });
}

void I::set_if(P& p) {
  const auto to = p.operand();
  p.set<uint8_t>(to, holds(p.r_.eflags, p.opcode_ & 15));
}

void I::no_operation(P& p) { (void)p.operand(); }

void I::read_time(P& p) {
  const uint64_t now = p.time_();
  p.r_.general[kEax] = static_cast<uint32_t>(now);
  p.r_.general[kEdx] = static_cast<uint32_t>(now >> 32);
}

void I::identify(P& p) {
  constexpr uint32_t kTsc = 1u << 4, kCx8 = 1u << 8, kSep = 1u << 11, kCmov = 1u << 15;
  const uint32_t leaf = p.r_.general[kEax];
  const auto give = [&](uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    p.r_.general[kEax] = a;
    p.r_.general[kEbx] = b;
    p.r_.general[kEcx] = c;
    p.r_.general[kEdx] = d;
  };
  if (leaf == 0) return give(1, 0x68636D41, 0x74736F48, 0x20616E69);
  if (leaf == 1) return give(0x600, 0, 0, kTsc | kCx8 | kSep | kCmov);
  give(0, 0, 0, 0);
}

// ---------------------------------------------------------------- bits

// Operations 4 to 7 of group 8: BT, BTS, BTR, BTC.
template <typename T>
T I::change_bit(P& p, unsigned operation, T value, unsigned bit) {
  const auto mask = static_cast<T>(uint32_t{1} << bit);
  set_flag(p.r_.eflags, flag::kCarry, value & mask);
  switch (operation) {
    case 5: return value | mask;
    case 6: return value & static_cast<T>(~mask);
    case 7: return value ^ mask;
    default: return value;
  }
}

// A3, AB, B3, BB: in memory the bit may be anywhere.
void I::bit_register(P& p) {
  p.by_word([&]<typename T>(T) {
    auto o = p.operand();
    const T index = p.get<T>(p.reg_);
    if (!o.in_register) {
      const auto words = static_cast<int32_t>(sign_extend(index) >> std::countr_zero(kBits<T>));
      o.address += static_cast<uint32_t>(words) * sizeof(T);
    }
    const unsigned operation = p.opcode_ >> 3 & 7, bit = index % kBits<T>;
    if (operation == 4) {
      (void)change_bit<T>(p, operation, p.get<T>(o), bit);
    } else {
      p.set<T>(o, change_bit<T>(p, operation, p.get_to_change<T>(o), bit));
    }
  });
}

void I::bit_immediate(P& p) {
  p.by_word([&]<typename T>(T) {
    const auto o = p.operand();
    const unsigned bit = p.fetch<uint8_t>() % kBits<T>;
    if (p.reg_ < 4) return invalid(p);
    if (p.reg_ == 4) {
      (void)change_bit<T>(p, p.reg_, p.get<T>(o), bit);
    } else {
      p.set<T>(o, change_bit<T>(p, p.reg_, p.get_to_change<T>(o), bit));
    }
  });
}

// BSF and BSR; zero leaves the register as it was.
void I::scan_bits(P& p) {
  p.by_word([&]<typename T>(T) {
    const auto from = p.operand();
    const T value = p.get<T>(from);
    set_flag(p.r_.eflags, flag::kZero, value == 0);
    if (value == 0) return;
    constexpr int kTop = static_cast<int>(kBits<T>) - 1;
    const bool forward = p.opcode_ == 0xBC;
    const int bit = forward ? std::countr_zero(value) : kTop - std::countl_zero(value);
    p.set<T>(p.reg_, static_cast<T>(bit));
  });
}

// A4, A5, AC, AD
void I::shift_double_operand(P& p) {
  p.by_word([&]<typename T>(T) {
    const auto to = p.operand();
    const unsigned count = p.opcode_ & 1 ? p.get<uint8_t>(kEcx) : p.fetch<uint8_t>();
    const T old = p.get_to_change<T>(to);
    p.set<T>(to, shift_double<T>(p.r_.eflags, p.opcode_ < 0xA8, old, p.get<T>(p.reg_), count));
  });
}

void I::swap_bytes(P& p) {
  uint32_t& value = p.r_.general[p.opcode_ & 7];
  value = __builtin_bswap32(value);
}

// ---------------------------------------------------------------- arithmetic and exchanges

void I::multiply_register(P& p) {
  p.by_word([&]<typename T>(T) {
    const auto from = p.operand();
    p.set<T>(p.reg_, multiply<T>(p.r_.eflags, p.get<T>(p.reg_), p.get<T>(from)));
  });
}

void I::compare_exchange(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto with = p.operand();
    const T old = p.get_to_change<T>(with);
    (void)subtract<T>(p.r_.eflags, p.get<T>(kEax), old);
    if (p.r_.eflags & flag::kZero) {
      p.set<T>(with, p.get<T>(p.reg_));
    } else {
      p.set<T>(kEax, old);
    }
  });
}

// C7: CMPXCHG8B alone.
void I::compare_exchange_long(P& p) {
  const auto with = p.operand();
  if (with.in_register || p.reg_ != 1) return invalid(p);
  P::Operand high = with;
  high.address += 4;
  if (!p.memory_.writable(with.address, 8)) return p.page_fault(/*write=*/true);
  const auto low_old = p.get<uint32_t>(with), high_old = p.get<uint32_t>(high);
  const bool equal = low_old == p.r_.general[kEax] && high_old == p.r_.general[kEdx];
  set_flag(p.r_.eflags, flag::kZero, equal);
  if (equal) {
    p.set<uint32_t>(with, p.r_.general[kEbx]);
    p.set<uint32_t>(high, p.r_.general[kEcx]);
  } else {
    p.r_.general[kEax] = low_old;
    p.r_.general[kEdx] = high_old;
  }
}

void I::exchange_add(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto with = p.operand();
    const T old = p.get_to_change<T>(with);
    const T sum = add<T>(p.r_.eflags, old, p.get<T>(p.reg_));
    p.set<T>(p.reg_, old);
    p.set<T>(with, sum);
  });
}

// MOVZX and MOVSX: B6, B7, BE, BF
void I::move_extended(P& p) {
  const auto from = p.operand();
  const bool with_sign = p.opcode_ & 8;
  int64_t value = 0;
  if (p.opcode_ & 1) {
    const auto word = p.get<uint16_t>(from);
    value = with_sign ? sign_extend(word) : word;
  } else {
    const auto byte = p.get<uint8_t>(from);
    value = with_sign ? sign_extend(byte) : byte;
  }
  p.by_word([&]<typename T>(T) { p.set<T>(p.reg_, static_cast<T>(value)); });
}

}  // namespace user_mode
