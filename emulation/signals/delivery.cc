// Taking posted signals and acting on them, on the way out of the library.
#include <cerrno>

#include <mach/thread_status.h>

#include "emulation/mach/servers.h"
#include "emulation/memory/user_memory.h"
#include "emulation/process/exit.h"
#include "emulation/signals/actions.h"
#include "emulation/signals/frame.h"
#include "libs/mach/process_user.h"

namespace emulation {
namespace {

// What the server told of a signal; signal 0 when it is nothing sensible.
SignalInfo checked_info(const int (&words)[16], mach_msg_type_number_t count) {
  SignalInfo info{};
  if (count >= sizeof info / sizeof(int)) __builtin_memcpy(&info, words, sizeof info);
  if (info.signal < 0 || info.signal > linux_abi::kSignalCount) info.signal = 0;
  return info;
}

// Takes one signal of `wanted` from the process server; signal 0 when there is none.
SignalInfo take_signal(SignalSet wanted) {
  int words[16] = {};
  mach_msg_type_number_t count = 16;
  const kern_return_t kr = proc_take_signal(process_port(), static_cast<int>(wanted.word[0]),
                                            static_cast<int>(wanted.word[1]), words, &count);
  return checked_info(words, kr == KERN_SUCCESS ? count : 0);
}

// Linux restarts these never after a handler, whatever SA_RESTART says (signal(7)).
bool never_restarted(int32_t call) {
  switch (call) {
    case 29:   // pause
    case 72:   // sigsuspend
    case 82:   // select
    case 142:  // _newselect
    case 162:  // nanosleep
    case 168:  // poll
    case 177:  // rt_sigtimedwait
    case 179:  // rt_sigsuspend
    case 267:  // clock_nanosleep
    case 308:  // pselect6
    case 309:  // ppoll
    case 407:  // clock_nanosleep_time64
    case 413:  // pselect6_time64
    case 414:  // ppoll_time64
    case 421:  // rt_sigtimedwait_time64
      return true;
    default: return false;
  }
}

// Lets the program make its interrupted call again: EIP goes back to the instruction that made it.
// False when the instruction is none that can be recognised.
bool rewind(Registers& r) {
  constexpr uint8_t kInt80[] = {0xcd, 0x80};
  constexpr uint8_t kCallGs[] = {0x65, 0xff, 0x15, 0x10, 0, 0, 0};
  uint8_t code[sizeof kCallGs];
  if (!copy_in(code, r.eip - sizeof code)) return false;
  uint32_t length = 0;
  if (__builtin_memcmp(code, kCallGs, sizeof kCallGs) == 0) {
    length = sizeof kCallGs;
  } else if (__builtin_memcmp(code + sizeof code - sizeof kInt80, kInt80, sizeof kInt80) == 0) {
    length = sizeof kInt80;
  }
  if (length == 0) return false;
  r.eip -= length;
  r.eax = static_cast<uint32_t>(r.call);
  r.call = -1;
  return true;
}

bool was_interrupted(const Registers& r) {
  return r.call >= 0 && static_cast<int32_t>(r.eax) == -EINTR;
}

SignalSet mask_for_frame() {
  ThreadBlock& thread = current_thread();
  if (!thread.restore_mask) return blocked_signals();
  thread.restore_mask = false;
  return {{~thread.saved_unblocked[0], ~thread.saved_unblocked[1]}};
}

void enter_handler(Registers& r, const SignalInfo& info) {
  const SignalAction action = signal_actions.get(info.signal);
  if (was_interrupted(r) && (action.flags & SA_RESTART) != 0 && !never_restarted(r.call)) {
    rewind(r);
  }
  if (!build_frame(r, action, info, mask_for_frame())) {
    end_process_by_signal(linux_abi::SIGSEGV);
  }
  SignalSet mask = blocked_signals();
  for (int i = 0; i < 2; ++i) mask.word[i] |= action.mask.word[i];
  if ((action.flags & SA_NODEFER) == 0) mask.add(info.signal);
  set_blocked_signals(mask);
  if ((action.flags & SA_RESETHAND) != 0) signal_actions.set(info.signal, SignalAction{});
}

void act(Registers& r, const SignalInfo& info) {
  const uint32_t handler = signal_actions.get(info.signal).handler;
  if (handler == kIgnoreAction) return;
  if (handler != kDefaultAction) {
    enter_handler(r, info);
    return;
  }
  switch (default_effect(info.signal)) {
    case DefaultEffect::kIgnore: break;
    case DefaultEffect::kStop: proc_stop(process_port(), info.signal); break;
    case DefaultEffect::kTerminate: end_process_by_signal(info.signal);
  }
}

// The handler of a signal, or kDefaultAction for one that only the process server may act on: it
// continues the process besides.
uint32_t handler_without_server(int signal) {
  return signal == linux_abi::SIGCONT ? kDefaultAction : signal_actions.get(signal).handler;
}

bool deliverable() {
  const ThreadBlock& thread = current_thread();
  const process_page& page = shared_page();
  return ((page.pending[0] & thread.unblocked[0]) | (page.pending[1] & thread.unblocked[1])) != 0;
}

}  // namespace

bool deliver_own_signal(Registers& r, int signal, int code) {
  if (signal < 1 || signal > linux_abi::kSignalCount || blocked_signals().has(signal)) return false;
  const uint32_t handler = handler_without_server(signal);
  if (handler == kDefaultAction) return false;
  r.eax = 0;
  if (handler == kIgnoreAction) return true;
  const process_page& page = shared_page();
  enter_handler(r, {.signal = signal, .code = code, .pid = page.pid, .uid = page.uid, .value = 0,
                    .address = 0});
  return true;
}

extern "C" {

// From the exit path: something is deliverable. The registers in the block are the program's.
__attribute__((fastcall)) void emulation_deliver_signals(ThreadBlock* thread) {
  Registers& r = thread->user;
  while (deliverable()) {
    const SignalInfo info = take_signal({{thread->unblocked[0], thread->unblocked[1]}});
    if (info.signal == 0) {
      // The page promises more than the server has: believe the server.
      break;
    }
    act(r, info);
  }
  // No handler ran for the interruption: the call is made again as if nothing had happened.
  if (was_interrupted(r)) rewind(r);
  restore_replaced_mask();
}

// The thread was diverted from program code: its registers come from the server.
__attribute__((fastcall)) void emulation_fetch_diverted(ThreadBlock* thread) {
  int words[64], signal_words[16] = {};
  mach_msg_type_number_t count = 64, signal_count = 16;
  i386_thread_state state;
  const kern_return_t kr = proc_interrupted_state(
      process_port(), static_cast<int>(thread->unblocked[0]),
      static_cast<int>(thread->unblocked[1]), words, &count, signal_words, &signal_count);
  if (kr != KERN_SUCCESS || count < i386_THREAD_STATE_COUNT) {
    end_process_by_signal(linux_abi::SIGKILL);
  }
  __builtin_memcpy(&state, words, sizeof state);
  thread->user = Registers{
      .ebx = state.ebx, .ecx = state.ecx, .edx = state.edx, .esi = state.esi, .edi = state.edi,
      .ebp = state.ebp, .eax = state.eax, .eip = state.eip, .esp = state.uesp,
      .eflags = state.efl, .call = -1,
  };
  const SignalInfo info = checked_info(signal_words, signal_count);
  if (info.signal != 0) act(thread->user, info);
}
}

}  // namespace emulation
