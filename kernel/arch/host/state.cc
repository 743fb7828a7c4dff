// Machine states: those of an i386.
#include "kernel/arch/state.h"

#include <mach/i386/thread_status.h>

#include <cstring>
#include <iterator>

#include "kernel/arch/host/selectors.h"
#include "kernel/kern/thread.h"

namespace arch {
namespace {

constexpr int kFlavorList = 0;
constexpr uint32_t kFlavors[] = {i386_THREAD_STATE, i386_FLOAT_STATE, i386_ISA_PORT_MAP_STATE,
                                 i386_REGS_SEGS_STATE};
constexpr uint32_t kUserFlags = EFL_CF | EFL_PF | EFL_AF | EFL_ZF | EFL_SF | EFL_TF | EFL_DF |
                                EFL_OF | (1u << 18) /* AC */ | (1u << 21) /* ID */;
constexpr uint32_t kFixedFlags = 1u << 1 | EFL_IF;

using Registers = i386_thread_state;

void get_registers(const TrapFrame& f, Registers& r) {
  r = {.gs = f.gs,
       .fs = f.fs,
       .es = f.es,
       .ds = f.ds,
       .edi = f.edi,
       .esi = f.esi,
       .ebp = f.ebp,
       .esp = 0,
       .ebx = f.ebx,
       .edx = f.edx,
       .ecx = f.ecx,
       .eax = f.eax,
       .eip = f.eip,
       .cs = f.cs,
       .efl = f.eflags,
       .uesp = f.esp,
       .ss = f.ss};
}

bool is_user_selector(uint32_t selector) {
  return (selector & 0xFFFC) != 0 && (selector & 3) == 3;
}

void set_segments(TrapFrame& f, const Registers& r) {
  constexpr uint32_t kSelector = 0xFFFF;
  f.cs = r.cs & kSelector;
  f.ss = r.ss & kSelector;
  f.ds = r.ds & kSelector;
  f.es = r.es & kSelector;
  f.fs = r.fs & kSelector;
  f.gs = r.gs & kSelector;
}

kern_return_t set_registers(TrapFrame& f, const Registers& r, bool with_segments) {
  if (r.efl & EFL_VM) return KERN_INVALID_ARGUMENT;
  if (with_segments && !(is_user_selector(r.cs) && is_user_selector(r.ss))) {
    return KERN_INVALID_ARGUMENT;
  }
  f = kInitialFrame;
  f.edi = r.edi;
  f.esi = r.esi;
  f.ebp = r.ebp;
  f.ebx = r.ebx;
  f.edx = r.edx;
  f.ecx = r.ecx;
  f.eax = r.eax;
  f.eip = r.eip;
  f.esp = r.uesp;
  f.eflags = (r.efl & kUserFlags) | kFixedFlags;
  if (with_segments) set_segments(f, r);
  return KERN_SUCCESS;
}

void get_float(const ThreadContext& context, i386_float_state& s) {
  static_assert(sizeof s.hw_state == sizeof context.floats.image);
  std::memset(&s, 0, sizeof s);
  s.fpkind = FP_387;
  s.initialized = context.floats.in_use;
  if (s.initialized) std::memcpy(s.hw_state, context.floats.image, sizeof s.hw_state);
}

kern_return_t set_float(ThreadContext& context, const i386_float_state& s) {
  if (s.fpkind == FP_SOFT) return KERN_INVALID_ARGUMENT;
  context.floats.in_use = s.initialized;
  std::memcpy(context.floats.image, s.hw_state, sizeof s.hw_state);
  return KERN_SUCCESS;
}

}  // namespace

kern_return_t get_thread_state(kern::Thread& thread, int flavor, uint32_t* state, uint32_t& count) {
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
      return set_registers(*thread.context.frame, r, flavor == i386_REGS_SEGS_STATE);
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
