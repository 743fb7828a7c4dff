// Thread state flavors of the i386.
#include "kernel/arch/state.h"

#include <mach/i386/thread_status.h>
#include <mach/kern_return.h>

#include <cstring>
#include <iterator>

#include "kernel/arch/i386_user/float_state.h"
#include "kernel/arch/i386_user/registers.h"
#include "kernel/kern/thread.h"

namespace arch {
namespace {

constexpr int kFlavorList = 0;
constexpr uint32_t kFlavors[] = {i386_THREAD_STATE, i386_FLOAT_STATE, i386_ISA_PORT_MAP_STATE,
                                 i386_REGS_SEGS_STATE};
// Flags a program may set; the rest of the word is reserved.
constexpr uint32_t kUserFlags = EFL_CF | EFL_PF | EFL_AF | EFL_ZF | EFL_SF | EFL_TF | EFL_DF |
                                EFL_OF | (1u << 18) /* AC */ | (1u << 21) /* ID */;
constexpr uint32_t kRequestedLevel = 3;
constexpr uint32_t kSelector = 0xFFFF;  // the rest of the word is arbitrary

using Registers = i386_thread_state;
static_assert(sizeof(Registers) == 17 * 4);
static_assert(sizeof(i386_float_state) == 30 * 4);

void get_registers(const TrapFrame& f, Registers& r) {
  r = {.gs = f.gs & kSelector,
       .fs = f.fs & kSelector,
       .es = f.es & kSelector,
       .ds = f.ds & kSelector,
       .edi = f.edi,
       .esi = f.esi,
       .ebp = f.ebp,
       .esp = 0,
       .ebx = f.ebx,
       .edx = f.edx,
       .ecx = f.ecx,
       .eax = f.eax,
       .eip = f.eip,
       .cs = f.cs & kSelector,
       .efl = f.eflags,
       .uesp = f.esp,
       .ss = f.ss & kSelector};
}

bool is_user_selector(uint32_t selector) {
  return (selector & 0xFFFC) != 0 && (selector & kRequestedLevel) == kRequestedLevel;
}

void set_segments(TrapFrame& f, const Registers& r) {
  f.cs = r.cs & kSelector;
  f.ss = r.ss & kSelector;
  f.ds = r.ds & kSelector;
  f.es = r.es & kSelector;
  f.fs = r.fs & kSelector;
  f.gs = r.gs & kSelector;
}

kern_return_t set_registers(kern::Thread& thread, const Registers& r, bool with_segments) {
  if (r.efl & EFL_VM) return KERN_INVALID_ARGUMENT;
  if (with_segments && !(is_user_selector(r.cs) && is_user_selector(r.ss))) {
    return KERN_INVALID_ARGUMENT;
  }
  TrapFrame& f = *thread.context.frame;
  f = kInitialUserFrame;
  f.edi = r.edi;
  f.esi = r.esi;
  f.ebp = r.ebp;
  f.ebx = r.ebx;
  f.edx = r.edx;
  f.ecx = r.ecx;
  f.eax = r.eax;
  f.eip = r.eip;
  f.esp = r.uesp;
  f.eflags = (r.efl & kUserFlags) | kFixedUserFlags;
  if (with_segments) set_segments(f, r);
  thread.ast |= kern::ast::kFullRestore;
  return KERN_SUCCESS;
}

void get_float(ThreadContext& context, i386_float_state& s) {
  std::memset(&s, 0, sizeof s);
  s.fpkind = FP_387;
  FsaveImage image;
  static_assert(sizeof image == sizeof s.hw_state);
  if (!get_fsave(context, image)) return;
  s.initialized = 1;
  std::memcpy(s.hw_state, &image, sizeof image);
}

kern_return_t set_float(ThreadContext& context, const i386_float_state& s) {
  if (s.fpkind == FP_SOFT) return KERN_INVALID_ARGUMENT;
  if (!s.initialized) {
    drop_fpu(context);
    return KERN_SUCCESS;
  }
  FsaveImage image;
  std::memcpy(&image, s.hw_state, sizeof image);
  return set_fsave(context, image) ? KERN_SUCCESS : KERN_RESOURCE_SHORTAGE;
}

}  // namespace

kern_return_t get_thread_state(kern::Thread& thread, int flavor, uint32_t* state,
                               uint32_t& count) {
  const auto give = [&](const void* data, uint32_t words) -> kern_return_t {
    if (count < words) return KERN_INVALID_ARGUMENT;
    std::memcpy(state, data, words * sizeof(uint32_t));
    count = words;
    return KERN_SUCCESS;
  };
  switch (flavor) {
    case kFlavorList: return give(kFlavors, std::size(kFlavors));
    case i386_THREAD_STATE:
    case i386_REGS_SEGS_STATE: {
      Registers r;
      get_registers(*thread.context.frame, r);
      return give(&r, i386_THREAD_STATE_COUNT);
    }
    case i386_FLOAT_STATE: {
      i386_float_state s;
      get_float(thread.context, s);
      return give(&s, i386_FLOAT_STATE_COUNT);
    }
    case i386_ISA_PORT_MAP_STATE: {
      i386_isa_port_map_state s;
      std::memset(&s, 0xFF, sizeof s);  // a set bit forbids the port
      return give(&s, i386_ISA_PORT_MAP_STATE_COUNT);
    }
    default: return KERN_INVALID_ARGUMENT;
  }
}

kern_return_t set_thread_state(kern::Thread& thread, int flavor, const uint32_t* state,
                               uint32_t count) {
  const auto take = [&](auto& to) {
    if (count < sizeof to / sizeof(uint32_t)) return false;
    std::memcpy(&to, state, sizeof to);
    return true;
  };
  switch (flavor) {
    case i386_THREAD_STATE:
    case i386_REGS_SEGS_STATE: {
      Registers r;
      if (!take(r)) return KERN_INVALID_ARGUMENT;
      return set_registers(thread, r, flavor == i386_REGS_SEGS_STATE);
    }
    case i386_FLOAT_STATE: {
      i386_float_state s;
      return take(s) ? set_float(thread.context, s) : KERN_INVALID_ARGUMENT;
    }
    case i386_ISA_PORT_MAP_STATE:
      return count < i386_ISA_PORT_MAP_STATE_COUNT ? KERN_INVALID_ARGUMENT : KERN_SUCCESS;
    default: return KERN_INVALID_ARGUMENT;
  }
}

}  // namespace arch
