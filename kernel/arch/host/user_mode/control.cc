// Jumps, calls, the stack, the ways into the kernel, segment registers.
#include "kernel/arch/host/user_mode/alu.h"
#include "kernel/arch/host/user_mode/instructions.h"
#include "kernel/arch/i386_user/selectors.h"

namespace user_mode {

using I = Instructions;

// ---------------------------------------------------------------- jumps

void I::jump_if(P& p) {
  const auto distance = p.fetch_signed_byte<uint32_t>();
  if (holds(p.r_.eflags, p.opcode_ & 15)) p.r_.eip += distance;
}

void I::jump_if_near(P& p) {
  const auto distance = p.fetch<uint32_t>();
  if (holds(p.r_.eflags, p.opcode_ & 15)) p.r_.eip += distance;
}

void I::jump_short(P& p) {
  const auto distance = p.fetch_signed_byte<uint32_t>();
  p.r_.eip += distance;
}

void I::jump_near(P& p) {
  const auto distance = p.fetch<uint32_t>();
  p.r_.eip += distance;
}

// LOOPNE, LOOPE, LOOP and JECXZ
void I::loop(P& p) {
  const auto distance = p.fetch_signed_byte<uint32_t>();
  uint32_t& count = p.r_.general[kEcx];
  const bool zero = p.r_.eflags & flag::kZero;
  bool jumps = false;
  switch (p.opcode_) {
    case 0xE0: jumps = --count != 0 && !zero; break;
    case 0xE1: jumps = --count != 0 && zero; break;
    case 0xE2: jumps = --count != 0; break;
    default: jumps = count == 0; break;
  }
  if (jumps) p.r_.eip += distance;
}

void I::call_near(P& p) {
  const auto distance = p.fetch<uint32_t>();
  p.push<uint32_t>(p.r_.eip);
  p.r_.eip += distance;
}

void I::return_near(P& p) {
  const uint32_t dropped = p.opcode_ == 0xC2 ? p.fetch<uint16_t>() : 0;
  p.r_.eip = p.pop<uint32_t>();
  p.r_.general[kEsp] += dropped;
}

// ---------------------------------------------------------------- into the kernel

// The call gate is the only far call there is.
void I::call_far(P& p) {
  (void)p.fetch<uint32_t>();
  const auto selector = p.fetch<uint16_t>();
  if ((selector | 3) != arch::kCallGate) return p.fault(vector::kProtection, selector & ~3u);
  p.trap(vector::kLcall);
}

void I::interrupt(P& p) {
  const uint32_t number = p.fetch<uint8_t>();
  switch (number) {
    case vector::kBreakpoint:
    case vector::kOverflow:
    case vector::kSoftware: return p.trap(number);
    case vector::kBound: return p.trap(number);
    default: return p.fault(vector::kProtection, number * 8 + 2);
  }
}

void I::breakpoint(P& p) { p.trap(vector::kBreakpoint); }

void I::overflow(P& p) {
  if (p.r_.eflags & flag::kOverflow) p.trap(vector::kOverflow);
}

void I::system_enter(P& p) { p.trap(vector::kSysenter); }

// ---------------------------------------------------------------- the stack

void I::push_register(P& p) {
  p.by_word([&]<typename T>(T) { p.push<T>(p.get<T>(p.opcode_ & 7)); });
}

void I::pop_register(P& p) {
  p.by_word([&]<typename T>(T) {
    const T value = p.pop<T>();
    p.set<T>(p.opcode_ & 7, value);
  });
}

void I::push_all(P& p) {
  p.by_word([&]<typename T>(T) {
    const T before = p.get<T>(kEsp);
    for (unsigned i = 0; i < 8; ++i) p.push<T>(i == kEsp ? before : p.get<T>(i));
  });
}

void I::pop_all(P& p) {
  p.by_word([&]<typename T>(T) {
    for (unsigned i = 8; i-- > 0;) {
      const T value = p.pop<T>();
      if (i != kEsp) p.set<T>(i, value);
    }
  });
}

void I::push_immediate(P& p) {
  p.by_word([&]<typename T>(T) {
    p.push<T>(p.opcode_ == 0x6A ? p.fetch_signed_byte<T>() : p.fetch<T>());
  });
}

// An address that is made with ESP is made with the one after the POP.
void I::pop_operand(P& p) {
  p.by_word([&]<typename T>(T) {
    const T value = p.pop<T>();
    const auto to = p.operand();
    p.set<T>(to, value);
  });
}

void I::enter(P& p) {
  const uint32_t size = p.fetch<uint16_t>();
  if (p.fetch<uint8_t>() != 0) return invalid(p);  // nested procedures
  p.push<uint32_t>(p.r_.general[kEbp]);
  p.r_.general[kEbp] = p.r_.general[kEsp];
  p.r_.general[kEsp] -= size;
}

void I::leave(P& p) {
  p.r_.general[kEsp] = p.r_.general[kEbp];
  p.r_.general[kEbp] = p.pop<uint32_t>();
}

// ---------------------------------------------------------------- segment registers

// There are the kernel's flat user segments and null.
void I::set_segment(P& p, unsigned segment, uint16_t selector) {
  const bool null = (selector & ~3u) == 0;
  const bool data = selector == arch::kUserData || selector == arch::kFlatData;
  const bool code = selector == arch::kUserCode || selector == arch::kFlatCode;
  if (segment == kCs || segment >= kSegments) return invalid(p);
  if (data || (segment != kSs && (null || code))) {
    p.r_.segments[segment] = selector;
  } else {
    p.fault(vector::kProtection, selector & ~3u);
  }
}

void I::move_from_segment(P& p) {
  const auto to = p.operand();
  if (p.reg_ >= kSegments) return invalid(p);
  const uint16_t selector = p.r_.segments[p.reg_];
  if (to.in_register && p.wide_) {
    p.set<uint32_t>(to.number, selector);
  } else {
    p.set<uint16_t>(to, selector);
  }
}

void I::move_to_segment(P& p) {
  const auto from = p.operand();
  set_segment(p, p.reg_, p.get<uint16_t>(from));
}

// 06, 0E, 16, 1E, and 0F A0, 0F A8
void I::push_segment(P& p) {
  p.by_word([&]<typename T>(T) { p.push<T>(p.r_.segments[p.opcode_ >> 3 & 7]); });
}

void I::pop_segment(P& p) {
  p.by_word([&]<typename T>(T) {
    const T selector = p.pop<T>();
    set_segment(p, p.opcode_ >> 3 & 7, static_cast<uint16_t>(selector));
  });
}

}  // namespace user_mode
