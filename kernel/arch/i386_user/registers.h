// The user registers of a thread.
#pragma once

#include <mach/i386/thread_status.h>

#include <cstdint>

#include "kernel/arch/i386_user/selectors.h"
#include "platform/context.h"

namespace arch {

// Flags that user mode always runs with.
inline constexpr uint32_t kFixedUserFlags = 1u << 1 | EFL_IF;

// Of a thread that has never run: the user's segments, everything else zero.
inline constexpr TrapFrame kInitialUserFrame = [] {
  TrapFrame f = {};
  f.gs = f.fs = f.es = f.ds = f.ss = kUserData;
  f.cs = kUserCode;
  f.eflags = kFixedUserFlags;
  return f;
}();

}  // namespace arch
