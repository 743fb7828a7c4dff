// Floating point: loaded lazily, at the first use after a switch.
#pragma once

#include <cstdint>

#include "platform/context.h"

namespace arch {

struct alignas(16) FpuImage {
  uint8_t bytes[512];  // FXSAVE layout
};

// The 108 bytes of the FSAVE instruction in 32-bit protected mode, as thread state shows them.
struct FsaveImage {
  uint32_t words[27];
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
// Writes the registers of the thread back to its image if the FPU has them.
void save_fpu(ThreadContext& context);
// Forgets what the FPU may have of the thread, and its image.
void drop_fpu(ThreadContext& context);

// After an FPU error of the current thread: its status word (or SIMD flags).
uint32_t take_fpu_error();

// Conversions for thread state; the thread is not running. set_fsave: false without memory.
void get_fsave(ThreadContext& context, FsaveImage& image);
[[nodiscard]] bool set_fsave(ThreadContext& context, const FsaveImage& image);

}  // namespace arch
