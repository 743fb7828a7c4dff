// The floating point registers of a thread that is not running: what each machine provides for the
// float state flavor.
#pragma once

#include <cstdint>

#include "platform/context.h"

namespace arch {

// The 108 bytes of the FSAVE instruction in 32-bit protected mode, as thread state shows them.
struct FsaveImage {
  uint32_t words[27];
};

// False: the thread has used no floating point yet, and `image` stays as it is.
[[nodiscard]] bool get_fsave(ThreadContext& context, FsaveImage& image);
// False: no memory; the registers are as before.
[[nodiscard]] bool set_fsave(ThreadContext& context, const FsaveImage& image);
// Back to those of a thread that has used no floating point.
void drop_fpu(ThreadContext& context);

}  // namespace arch
