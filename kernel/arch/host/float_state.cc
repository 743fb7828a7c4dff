// The floating point registers of a thread.
#include "kernel/arch/i386_user/float_state.h"

#include <cstring>

namespace arch {

static_assert(sizeof(FsaveImage) == FloatState::kBytes);

bool get_fsave(ThreadContext& context, FsaveImage& image) {
  if (!context.floats.in_use) return false;
  std::memcpy(&image, context.floats.image, sizeof image);
  return true;
}

bool set_fsave(ThreadContext& context, const FsaveImage& image) {
  context.floats.in_use = true;
  std::memcpy(context.floats.image, &image, sizeof image);
  return true;
}

void drop_fpu(ThreadContext& context) { context.floats.in_use = false; }

}  // namespace arch
