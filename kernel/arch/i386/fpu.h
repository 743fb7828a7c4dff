// Floating point: loaded lazily, at the first use after a switch.
#pragma once

#include <cstdint>

#include "kernel/arch/i386_user/float_state.h"
#include "platform/context.h"

namespace arch {

struct alignas(16) FpuImage {
  uint8_t bytes[512];  // FXSAVE layout
};

void init_fpu();

// #NM: gives the FPU with its state to the current thread.
void give_fpu_to_current();
namespace internal {
// Whose registers the FPU holds; null: nobody's.
extern ThreadContext* fpu_owner;
// The next FPU instruction traps.
extern bool fpu_disabled;
}  // namespace internal

// Lets FPU instructions through, or makes the next one trap.
void enable_fpu();
void disable_fpu();

// The processor switches to `context`.
inline void switch_fpu(const ThreadContext& context) {
  const bool owns = internal::fpu_owner == &context;
  if (!internal::fpu_disabled) [[unlikely]] {
    if (!owns) disable_fpu();
  } else if (owns) [[unlikely]] {
    enable_fpu();
  }
}
// After an FPU error of the current thread: its status word (or SIMD flags).
uint32_t take_fpu_error();

}  // namespace arch
