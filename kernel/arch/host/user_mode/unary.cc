// Groups 3, 4 and 5: one operand, the ModR/M byte says what to do with it.
#include <limits>

#include "kernel/arch/host/user_mode/alu.h"
#include "kernel/arch/host/user_mode/instructions.h"

namespace user_mode {

using I = Instructions;

namespace {

constexpr unsigned kAh = 4;  // as a byte register

}  // namespace

template <typename T>
void I::multiply_accumulator(P& p, uint64_t product, bool lost) {
  if constexpr (sizeof(T) == 1) {
    p.set<uint16_t>(kEax, static_cast<uint16_t>(product));
  } else {
    p.set<T>(kEax, static_cast<T>(product));
    p.set<T>(kEdx, static_cast<T>(product >> kBits<T>));
  }
  set_flag(p.r_.eflags, flag::kCarry, lost);
  set_flag(p.r_.eflags, flag::kOverflow, lost);
}

template <typename T>
void I::divide_accumulator(P& p, T by) {
  const uint64_t high = p.get<T>(kEdx), low = p.get<T>(kEax);
  const uint64_t dividend = sizeof(T) == 1 ? p.get<uint16_t>(kEax) : high << kBits<T> | low;
  if (by == 0 || dividend / by > std::numeric_limits<T>::max()) return p.fault(vector::kDivide);
  p.set<T>(kEax, static_cast<T>(dividend / by));
  p.set<T>(sizeof(T) == 1 ? kAh : unsigned{kEdx}, static_cast<T>(dividend % by));
}

template <typename T>
void I::divide_accumulator_signed(P& p, T by) {
  using Limits = std::numeric_limits<std::make_signed_t<T>>;
  const auto high = static_cast<uint64_t>(sign_extend(p.get<T>(kEdx)));
  const uint64_t low = p.get<T>(kEax);
  const int64_t dividend = sizeof(T) == 1 ? sign_extend(p.get<uint16_t>(kEax))
                                          : static_cast<int64_t>(high << kBits<T> | low);
  const int64_t divisor = sign_extend(by);
  // The one quotient that has no room in 64 bits either.
  const bool too_large = dividend == std::numeric_limits<int64_t>::min() && divisor == -1;
  if (divisor == 0 || too_large) return p.fault(vector::kDivide);
  const int64_t quotient = dividend / divisor;
  if (quotient < Limits::min() || quotient > Limits::max()) return p.fault(vector::kDivide);
  p.set<T>(kEax, static_cast<T>(quotient));
  p.set<T>(sizeof(T) == 1 ? kAh : unsigned{kEdx}, static_cast<T>(dividend % divisor));
}

template <typename T>
void I::unary(P& p) {
  const auto o = p.operand();
  uint32_t& flags = p.r_.eflags;
  switch (p.reg_) {
    case 2: return p.set<T>(o, static_cast<T>(~p.get_to_change<T>(o)));
    case 3: return p.set<T>(o, subtract<T>(flags, 0, p.get_to_change<T>(o)));
    case 4: {
      const uint64_t product = uint64_t{p.get<T>(kEax)} * p.get<T>(o);
      return multiply_accumulator<T>(p, product, product >> kBits<T> != 0);
    }
    case 5: {
      const int64_t product = sign_extend(p.get<T>(kEax)) * sign_extend(p.get<T>(o));
      const bool lost = sign_extend(static_cast<T>(product)) != product;
      return multiply_accumulator<T>(p, static_cast<uint64_t>(product), lost);
    }
    case 6: return divide_accumulator<T>(p, p.get<T>(o));
    case 7: return divide_accumulator_signed<T>(p, p.get<T>(o));
    default: break;
  }
  const T value = p.get<T>(o);
  (void)logic<T>(flags, value & p.fetch<T>());
}

void I::byte_or_word_group(P& p) {
  p.by_size([&]<typename T>(T) { unary<T>(p); });
}

template <typename T>
void I::step_operand(P& p, const P::Operand& to, bool up) {
  p.set<T>(to, step<T>(p.r_.eflags, p.get_to_change<T>(to), up));
}

void I::step_or_jump_group(P& p) {
  const bool bytes = p.opcode_ == 0xFE;
  const auto o = p.operand();
  if (p.reg_ < 2) return p.by_size([&]<typename T>(T) { step_operand<T>(p, o, p.reg_ == 0); });
  if (bytes || !p.wide_) return invalid(p);
  const auto value = p.get<uint32_t>(o);
  switch (p.reg_) {
    case 2: p.push<uint32_t>(p.r_.eip); [[fallthrough]];
    case 4: p.r_.eip = value; break;
    case 6: p.push<uint32_t>(value); break;
    case 3:
    case 5: refuse(p); break;  // far
    default: invalid(p); break;
  }
}

}  // namespace user_mode
