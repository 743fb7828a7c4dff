#include "emulation/signals/frame.h"

#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/memory/user_memory.h"
#include "emulation/process/exit.h"

namespace emulation {
namespace {

struct SigContext {
  uint32_t gs, fs, es, ds;
  uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
  uint32_t trapno, err, eip, cs, eflags, esp_at_signal, ss;
  uint32_t fpstate;
  uint32_t oldmask, cr2;
};
static_assert(sizeof(SigContext) == 88);

// The FSAVE part is left to its status words; FXSAVE's image, which holds everything, follows.
struct alignas(16) FpState {
  uint32_t environment[7];
  uint8_t registers[80];
  uint16_t status;
  uint16_t magic;  // 0: the FXSAVE image is there
  uint8_t fxsave[512];
};
static_assert(sizeof(FpState) == 624);

struct PlainFrame {
  uint32_t return_address;
  int32_t signal;
  SigContext context;
  uint32_t extra_mask;
  uint8_t return_code[8];
};

struct UContext {
  uint32_t flags, link;
  uint32_t stack_base, stack_flags, stack_size;
  SigContext context;
  SignalSet mask;
};

struct SigInfo {
  int32_t signal, error, code;
  union {
    struct {
      int32_t pid;
      uint32_t uid;
      int32_t value;
    } sender;
    uint32_t address;
    int32_t pad[29];
  };
};
static_assert(sizeof(SigInfo) == 128);

struct RtFrame {
  uint32_t return_address;
  int32_t signal;
  uint32_t info_address;
  uint32_t context_address;
  SigInfo info;
  UContext context;
  uint8_t return_code[8];
};

constexpr uint32_t kOnStack = 1, kStackDisabled = 2;
constexpr uint32_t kUserCode = 0x17, kUserData = 0x1f;
// What sigreturn lets a program change: arithmetic flags, TF, DF, AC, ID.
constexpr uint32_t kProgramFlags = 0x250dd5;
constexpr uint32_t kAlwaysFlags = 0x202;

bool on_alternate_stack(const ThreadBlock& t, uint32_t esp) {
  return t.alternate_stack_size != 0 && esp - t.alternate_stack <= t.alternate_stack_size;
}

uint32_t read_gs() {
  uint32_t gs;
  asm("movl %%gs, %0" : "=r"(gs));
  return gs & 0xffff;
}

SigContext context_of(const Registers& r, uint32_t fpstate, SignalSet mask,
                      const SignalInfo& info) {
  return {
      .gs = read_gs(), .fs = 0, .es = kUserData, .ds = kUserData,
      .edi = r.edi, .esi = r.esi, .ebp = r.ebp, .esp = r.esp,
      .ebx = r.ebx, .edx = r.edx, .ecx = r.ecx, .eax = r.eax,
      .trapno = info.signal == linux_abi::SIGSEGV ? 14u : 0u, .err = 0,
      .eip = r.eip, .cs = kUserCode, .eflags = r.eflags, .esp_at_signal = r.esp, .ss = kUserData,
      .fpstate = fpstate, .oldmask = mask.word[0], .cr2 = info.address,
  };
}

void load_context(Registers& r, const SigContext& c) {
  r.edi = c.edi;
  r.esi = c.esi;
  r.ebp = c.ebp;
  r.esp = c.esp;
  r.ebx = c.ebx;
  r.edx = c.edx;
  r.ecx = c.ecx;
  r.eax = c.eax;
  r.eip = c.eip;
  r.eflags = (c.eflags & kProgramFlags) | kAlwaysFlags;
  r.call = -1;
}

bool save_float(uint32_t address) {
  FpState state{};
  asm volatile("fxsave %0" : "=m"(state.fxsave));
  return copy_out(address, state);
}

bool restore_float(uint32_t address) {
  if (address == 0) return true;
  FpState state;
  if (!copy_in(state, address)) return false;
  constexpr int kMxcsrOffset = 24;
  constexpr uint32_t kMxcsrMask = 0xffbf;
  uint32_t mxcsr;
  __builtin_memcpy(&mxcsr, state.fxsave + kMxcsrOffset, sizeof mxcsr);
  mxcsr &= kMxcsrMask;  // reserved bits would fault
  __builtin_memcpy(state.fxsave + kMxcsrOffset, &mxcsr, sizeof mxcsr);
  asm volatile("fxrstor %0" : : "m"(state.fxsave));
  return true;
}

// mov $number, %eax; int $0x80, for programs without a restorer. Programs run it only where the
// stack is executable; on i386 without NX every page is.
void store_return_code(uint8_t (&code)[8], bool pop, uint32_t number) {
  uint8_t* at = code;
  if (pop) *at++ = 0x58;
  *at++ = 0xb8;
  __builtin_memcpy(at, &number, sizeof number);
  at[4] = 0xcd;
  code[sizeof code - 1] = 0x80;
  if (!pop) {
    at[5] = 0x80;
    code[sizeof code - 1] = 0x90;
  }
}

SigInfo sig_info(const SignalInfo& info) {
  SigInfo out{.signal = info.signal, .error = 0, .code = info.code, .pad = {}};
  if (info.address != 0) {
    out.address = info.address;
  } else {
    out.sender = {info.pid, info.uid, info.value};
  }
  return out;
}

bool store_rt_frame(uint32_t at, uint32_t fpstate, const Registers& r, const SignalAction& action,
                    const SignalInfo& info, SignalSet mask) {
  constexpr uint32_t kRtSigreturn = 173;
  const ThreadBlock& thread = current_thread();
  RtFrame frame{};
  frame.signal = info.signal;
  frame.info_address = at + offsetof(RtFrame, info);
  frame.context_address = at + offsetof(RtFrame, context);
  frame.info = sig_info(info);
  frame.context = {
      .flags = 0, .link = 0,
      .stack_base = thread.alternate_stack,
      .stack_flags = thread.alternate_stack_size == 0      ? kStackDisabled
                     : on_alternate_stack(thread, r.esp) ? kOnStack : 0,
      .stack_size = thread.alternate_stack_size,
      .context = context_of(r, fpstate, mask, info),
      .mask = mask,
  };
  store_return_code(frame.return_code, false, kRtSigreturn);
  frame.return_address = (action.flags & SA_RESTORER) != 0 ? action.restorer
                                                           : at + offsetof(RtFrame, return_code);
  return copy_out(at, frame);
}

bool store_plain_frame(uint32_t at, uint32_t fpstate, const Registers& r,
                       const SignalAction& action, const SignalInfo& info, SignalSet mask) {
  constexpr uint32_t kSigreturn = 119;
  PlainFrame frame{};
  frame.signal = info.signal;
  frame.context = context_of(r, fpstate, mask, info);
  frame.extra_mask = mask.word[1];
  store_return_code(frame.return_code, true, kSigreturn);
  frame.return_address = (action.flags & SA_RESTORER) != 0
                             ? action.restorer
                             : at + offsetof(PlainFrame, return_code);
  return copy_out(at, frame);
}

}  // namespace

bool build_frame(Registers& r, const SignalAction& action, const SignalInfo& info,
                 SignalSet saved_mask) {
  const ThreadBlock& thread = current_thread();
  uint32_t top = r.esp;
  if ((action.flags & SA_ONSTACK) != 0 && thread.alternate_stack_size != 0 &&
      !on_alternate_stack(thread, r.esp)) {
    top = thread.alternate_stack + thread.alternate_stack_size;
  }
  const bool rt = (action.flags & SA_SIGINFO) != 0;
  const uint32_t fpstate = (top - sizeof(FpState)) & ~15u;
  const uint32_t size = rt ? sizeof(RtFrame) : sizeof(PlainFrame);
  // At a function's entry the stack pointer is 4 below a multiple of 16.
  const uint32_t frame = ((fpstate - size) & ~15u) - 4;
  const bool stored = save_float(fpstate) &&
                      (rt ? store_rt_frame(frame, fpstate, r, action, info, saved_mask)
                          : store_plain_frame(frame, fpstate, r, action, info, saved_mask));
  if (!stored) return false;
  r.esp = frame;
  r.eip = action.handler;
  r.eax = static_cast<uint32_t>(info.signal);
  r.edx = rt ? frame + offsetof(RtFrame, info) : 0;
  r.ecx = rt ? frame + offsetof(RtFrame, context) : 0;
  r.eflags &= ~0x500u;  // DF and TF clear
  r.call = -1;
  return true;
}

namespace calls {

// The frame's return address has been popped by the handler's ret, and by the restorer's pop the
// signal number.
int32_t sigreturn(Registers& r) {
  PlainFrame frame;
  const uint32_t at = r.esp - offsetof(PlainFrame, context);
  if (!copy_in(frame, at) || !restore_float(frame.context.fpstate)) {
    end_process_by_signal(linux_abi::SIGSEGV);
  }
  set_blocked_signals({{frame.context.oldmask, frame.extra_mask}});
  load_context(r, frame.context);
  return static_cast<int32_t>(r.eax);
}

int32_t rt_sigreturn(Registers& r) {
  RtFrame frame;
  const uint32_t at = r.esp - offsetof(RtFrame, signal);
  if (!copy_in(frame, at) || !restore_float(frame.context.context.fpstate)) {
    end_process_by_signal(linux_abi::SIGSEGV);
  }
  set_blocked_signals(frame.context.mask);
  load_context(r, frame.context.context);
  return static_cast<int32_t>(r.eax);
}

int32_t sigaltstack(Registers& r) {
  constexpr uint32_t kMinimum = 2048;
  ThreadBlock& thread = current_thread();
  uint32_t stack[3];  // ss_sp, ss_flags, ss_size
  const bool on_it = on_alternate_stack(thread, r.esp);
  if (r.ecx != 0) {
    const uint32_t old[3] = {
        thread.alternate_stack,
        thread.alternate_stack_size == 0 ? kStackDisabled : on_it ? kOnStack : 0,
        thread.alternate_stack_size};
    if (r.ebx != 0 && !copy_in(stack, r.ebx)) return -EFAULT;
    if (!copy_out(r.ecx, old)) return -EFAULT;
  } else if (r.ebx != 0 && !copy_in(stack, r.ebx)) {
    return -EFAULT;
  }
  if (r.ebx == 0) return 0;
  if (on_it) return -EPERM;
  if ((stack[1] & kStackDisabled) != 0) {
    thread.alternate_stack = thread.alternate_stack_size = 0;
    return 0;
  }
  if (stack[2] < kMinimum) return -ENOMEM;
  thread.alternate_stack = stack[0];
  thread.alternate_stack_size = stack[2];
  return 0;
}

}  // namespace calls
}  // namespace emulation
