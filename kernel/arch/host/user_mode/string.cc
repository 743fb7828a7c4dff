// String instructions. A repeated one is executed again and again, one element each time, so that
// whatever stops it finds the registers as they should be.
#include "kernel/arch/host/user_mode/alu.h"
#include "kernel/arch/host/user_mode/instructions.h"

namespace user_mode {

using I = Instructions;

// A repeated instruction with a count of zero.
bool I::nothing_left(const P& p) {
  return p.repeat_ != P::Repeat::kNo && p.r_.general[kEcx] == 0;
}

template <typename T>
void I::advance(P& p, Register index) {
  const uint32_t size = sizeof(T);
  p.r_.general[index] += p.r_.eflags & flag::kDirection ? 0 - size : size;
}

// After an element: counts it, and stays at the instruction when there is another one.
void I::repeat(P& p, bool compares) {
  if (p.repeat_ == P::Repeat::kNo || p.faulted()) return;
  const bool equal = p.r_.eflags & flag::kZero;
  const bool over = compares && equal != (p.repeat_ == P::Repeat::kWhileEqual);
  if (--p.r_.general[kEcx] != 0 && !over) p.r_.eip = p.start_;
}

void I::move_string(P& p) {
  if (nothing_left(p)) return;
  p.by_size([&]<typename T>(T) {
    p.store<T>(p.r_.general[kEdi], p.load<T>(p.r_.general[kEsi]));
    advance<T>(p, kEsi);
    advance<T>(p, kEdi);
  });
  repeat(p, false);
}

void I::compare_strings(P& p) {
  if (nothing_left(p)) return;
  p.by_size([&]<typename T>(T) {
    const T left = p.load<T>(p.r_.general[kEsi]);
    (void)subtract<T>(p.r_.eflags, left, p.load<T>(p.r_.general[kEdi]));
    advance<T>(p, kEsi);
    advance<T>(p, kEdi);
  });
  repeat(p, true);
}

void I::store_string(P& p) {
  if (nothing_left(p)) return;
  p.by_size([&]<typename T>(T) {
    p.store<T>(p.r_.general[kEdi], p.get<T>(kEax));
    advance<T>(p, kEdi);
  });
  repeat(p, false);
}

void I::load_string(P& p) {
  if (nothing_left(p)) return;
  p.by_size([&]<typename T>(T) {
    p.set<T>(kEax, p.load<T>(p.r_.general[kEsi]));
    advance<T>(p, kEsi);
  });
  repeat(p, false);
}

void I::scan_string(P& p) {
  if (nothing_left(p)) return;
  p.by_size([&]<typename T>(T) {
    (void)subtract<T>(p.r_.eflags, p.get<T>(kEax), p.load<T>(p.r_.general[kEdi]));
    advance<T>(p, kEdi);
  });
  repeat(p, true);
}

}  // namespace user_mode
