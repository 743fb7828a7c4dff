// Arithmetic, moves and flags of the one-byte opcodes.
#include "kernel/arch/host/user_mode/alu.h"
#include "kernel/arch/host/user_mode/instructions.h"

namespace user_mode {

using I = Instructions;

namespace {

constexpr unsigned kAh = 4;  // as a byte register

}  // namespace

// ---------------------------------------------------------------- arithmetic

void I::combine_operand_register(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto to = p.operand();
    const auto operation = static_cast<Operation>(p.opcode_ >> 3);
    if (operation == Operation::kCmp) {
      (void)subtract<T>(p.r_.eflags, p.get<T>(to), p.get<T>(p.reg_));
    } else {
      const T old = p.get_to_change<T>(to);
      p.set<T>(to, combine<T>(p.r_.eflags, operation, old, p.get<T>(p.reg_)));
    }
  });
}

void I::combine_register_operand(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto from = p.operand();
    const auto operation = static_cast<Operation>(p.opcode_ >> 3);
    p.set<T>(p.reg_, combine<T>(p.r_.eflags, operation, p.get<T>(p.reg_), p.get<T>(from)));
  });
}

void I::combine_accumulator(P& p) {
  p.by_size([&]<typename T>(T) {
    const T value = p.fetch<T>();
    const auto operation = static_cast<Operation>(p.opcode_ >> 3);
    p.set<T>(kEax, combine<T>(p.r_.eflags, operation, p.get<T>(kEax), value));
  });
}

// 80 to 83; the immediate operand comes last.
void I::combine_immediate(P& p) {
  constexpr uint8_t kSignedByte = 0x83;
  p.by_size([&]<typename T>(T) {
    const auto to = p.operand();
    const T value = p.opcode_ == kSignedByte ? p.fetch_signed_byte<T>() : p.fetch<T>();
    const auto operation = static_cast<Operation>(p.reg_);
    if (operation == Operation::kCmp) {
      (void)subtract<T>(p.r_.eflags, p.get<T>(to), value);
    } else {
      p.set<T>(to, combine<T>(p.r_.eflags, operation, p.get_to_change<T>(to), value));
    }
  });
}

void I::step_register(P& p) {
  p.by_word([&]<typename T>(T) {
    const unsigned number = p.opcode_ & 7;
    p.set<T>(number, step<T>(p.r_.eflags, p.get<T>(number), p.opcode_ < 0x48));
  });
}

void I::test_register(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto o = p.operand();
    (void)logic<T>(p.r_.eflags, p.get<T>(o) & p.get<T>(p.reg_));
  });
}

void I::test_accumulator(P& p) {
  p.by_size([&]<typename T>(T) {
    (void)logic<T>(p.r_.eflags, p.get<T>(kEax) & p.fetch<T>());
  });
}

// C0, C1, D0 to D3
void I::shift_operand(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto to = p.operand();
    const unsigned count = p.opcode_ < 0xD0   ? p.fetch<uint8_t>()
                           : p.opcode_ < 0xD2 ? 1
                                              : p.get<uint8_t>(kEcx);
    const T old = p.get_to_change<T>(to);
    p.set<T>(to, shift<T>(p.r_.eflags, static_cast<Shift>(p.reg_), old, count));
  });
}

// 69 and 6B
void I::multiply_immediate(P& p) {
  p.by_word([&]<typename T>(T) {
    const auto from = p.operand();
    const T by = p.opcode_ == 0x6B ? p.fetch_signed_byte<T>() : p.fetch<T>();
    p.set<T>(p.reg_, multiply<T>(p.r_.eflags, p.get<T>(from), by));
  });
}

void I::widen_accumulator(P& p) {
  if (p.wide_) {
    p.set<uint32_t>(kEax, static_cast<uint32_t>(sign_extend(p.get<uint16_t>(kEax))));
  } else {
    p.set<uint16_t>(kEax, static_cast<uint16_t>(sign_extend(p.get<uint8_t>(kEax))));
  }
}

void I::spread_sign(P& p) {
  p.by_word([&]<typename T>(T) {
    p.set<T>(kEdx, top_bit(p.get<T>(kEax)) ? static_cast<T>(-1) : T{0});
  });
}

// ---------------------------------------------------------------- moves

void I::move_to_operand(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto to = p.operand();
    p.set<T>(to, p.get<T>(p.reg_));
  });
}

void I::move_to_register(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto from = p.operand();
    p.set<T>(p.reg_, p.get<T>(from));
  });
}

void I::move_immediate(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto to = p.operand();
    p.set<T>(to, p.fetch<T>());
  });
}

void I::move_byte_to_register(P& p) { p.set<uint8_t>(p.opcode_ & 7, p.fetch<uint8_t>()); }

void I::move_word_to_register(P& p) {
  p.by_word([&]<typename T>(T) { p.set<T>(p.opcode_ & 7, p.fetch<T>()); });
}

// A0 to A3
void I::move_absolute(P& p) {
  const auto address = p.fetch<uint32_t>();
  p.by_size([&]<typename T>(T) {
    if (p.opcode_ & 2) {
      p.store<T>(address, p.get<T>(kEax));
    } else {
      p.set<T>(kEax, p.load<T>(address));
    }
  });
}

void I::load_address(P& p) {
  const auto from = p.operand();
  if (from.in_register) return p.fault(vector::kInvalidOpcode);
  p.by_word([&]<typename T>(T) { p.set<T>(p.reg_, static_cast<T>(from.address)); });
}

void I::exchange_operand(P& p) {
  p.by_size([&]<typename T>(T) {
    const auto with = p.operand();
    const T old = p.get_to_change<T>(with);
    p.set<T>(with, p.get<T>(p.reg_));
    p.set<T>(p.reg_, old);
  });
}

// 90 is NOP: EAX with itself.
void I::exchange_accumulator(P& p) {
  p.by_word([&]<typename T>(T) {
    const T old = p.get<T>(kEax);
    p.set<T>(kEax, p.get<T>(p.opcode_ & 7));
    p.set<T>(p.opcode_ & 7, old);
  });
}

void I::translate_byte(P& p) {
  const uint32_t at = p.r_.general[kEbx] + p.get<uint8_t>(kEax);
  p.set<uint8_t>(kEax, p.load<uint8_t>(at));
}

// ---------------------------------------------------------------- flags

void I::change_flag(P& p) {
  switch (p.opcode_) {
    case 0xF5: p.r_.eflags ^= flag::kCarry; break;
    case 0xF8: p.r_.eflags &= ~flag::kCarry; break;
    case 0xF9: p.r_.eflags |= flag::kCarry; break;
    case 0xFC: p.r_.eflags &= ~flag::kDirection; break;
    case 0xFD: p.r_.eflags |= flag::kDirection; break;
    default: p.fault(vector::kProtection); break;  // CLI, STI
  }
}

void I::load_low_flags(P& p) {
  p.set<uint8_t>(kAh, static_cast<uint8_t>(p.r_.eflags));
}

void I::store_low_flags(P& p) {
  constexpr uint32_t kLow = flag::kStatus & 0xFF;
  p.r_.eflags = (p.r_.eflags & ~kLow) | (p.get<uint8_t>(kAh) & kLow);
}

void I::push_flags(P& p) {
  p.by_word([&]<typename T>(T) { p.push<T>(static_cast<T>(p.r_.eflags)); });
}

void I::pop_flags(P& p) {
  p.by_word([&]<typename T>(T) {
    constexpr uint32_t kChanged = flag::kUser & static_cast<T>(-1);
    p.r_.eflags = (p.r_.eflags & ~kChanged) | (uint32_t{p.pop<T>()} & kChanged);
  });
}

// ---------------------------------------------------------------- the rest

// Nothing that user mode may do: I/O, HLT, other privilege levels.
void I::refuse(P& p) { p.fault(vector::kProtection); }
void I::invalid(P& p) { p.fault(vector::kInvalidOpcode); }
void I::nothing(P&) {}

void I::check_bounds(P& p) {
  const auto o = p.operand();
  if (o.in_register) return invalid(p);
  p.by_word([&]<typename T>(T) {
    const int64_t low = sign_extend(p.load<T>(o.address));
    const int64_t high = sign_extend(p.load<T>(o.address + sizeof(T)));
    const int64_t value = sign_extend(p.get<T>(p.reg_));
    if (value < low || value > high) p.fault(vector::kBound);
  });
}

}  // namespace user_mode
