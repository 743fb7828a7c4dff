// sigaction, sigprocmask, kill and relatives.
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/servers.h"
#include "emulation/memory/user_memory.h"
#include "emulation/signals/actions.h"
#include "emulation/time/clock.h"
#include "libs/mach/process_user.h"

namespace emulation {
namespace {

using namespace linux_abi;

constexpr int SI_USER = 0, SI_TKILL = -6;

bool valid_signal(uint32_t signal) { return signal >= 1 && signal <= kSignalCount; }

int32_t send_signal(int pid, int thread, uint32_t signal, int code, int value) {
  if (signal > kSignalCount) return -EINVAL;
  return error_from(proc_kill(process_port(), pid, thread, static_cast<int>(signal), code, value));
}

int32_t change_action(uint32_t signal, const SignalAction* action) {
  if (!valid_signal(signal)) return -EINVAL;
  if (action == nullptr) return 0;
  if (signal == SIGKILL || signal == SIGSTOP) return -EINVAL;
  signal_actions.set(static_cast<int>(signal), *action);
  return 0;
}

int32_t change_mask(uint32_t how, SignalSet set) {
  constexpr uint32_t kBlock = 0, kUnblock = 1, kSet = 2;
  SignalSet mask = blocked_signals();
  for (int i = 0; i < 2; ++i) {
    if (how == kBlock) {
      mask.word[i] |= set.word[i];
    } else if (how == kUnblock) {
      mask.word[i] &= ~set.word[i];
    } else if (how == kSet) {
      mask.word[i] = set.word[i];
    } else {
      return -EINVAL;
    }
  }
  set_blocked_signals(mask);
  return 0;
}

// Waits for one of `set`, which is blocked: it counts as unblocked meanwhile.
int32_t wait_for_one(SignalSet set, unsigned milliseconds, int32_t (&words)[16]) {
  const SignalSet blocked = blocked_signals();
  SignalSet open = blocked;
  for (int i = 0; i < 2; ++i) open.word[i] &= ~set.word[i];
  int32_t result = -EAGAIN;
  for (int round = 0; round < 2; ++round) {
    mach_msg_type_number_t count = 16;
    const kern_return_t kr =
        proc_take_signal(process_port(), static_cast<int>(set.word[0]),
                         static_cast<int>(set.word[1]), words, &count);
    if (kr == KERN_SUCCESS && words[0] != 0) {
      result = words[0];
      break;
    }
    if (round == 1) break;
    signal_actions.begin_wait(set);
    set_blocked_signals(open);
    if (wait_for_signal(milliseconds)) result = -EINTR;
    set_blocked_signals(blocked);
    signal_actions.end_wait(set);
  }
  return result;
}

template <typename Time>
int32_t timed_wait(Registers& r) {
  SignalSet set;
  if (!copy_in(set, r.ebx)) return -EFAULT;
  unsigned milliseconds = kForever;
  if (r.edx != 0) {
    Time time;
    if (!copy_in(time, r.edx)) return -EFAULT;
    milliseconds = milliseconds_of(time.sec, time.nsec);
  }
  int32_t words[16] = {};
  const int32_t signal = wait_for_one(set, milliseconds, words);
  if (signal > 0 && r.ecx != 0) {
    int32_t info[32] = {words[0], 0, words[1], words[2], words[3], words[4]};
    if (!copy_out(r.ecx, info)) return -EFAULT;
  }
  return signal;
}

}  // namespace

void post_own_signal(int signal) {
  (void)send_signal(shared_page().pid, current_thread().tid, static_cast<uint32_t>(signal), SI_USER, 0);
}

namespace calls {

int32_t rt_sigaction(Registers& r) {
  if (r.esi != sizeof(SignalSet)) return -EINVAL;
  if (!valid_signal(r.ebx)) return -EINVAL;
  SignalAction action;
  if (r.ecx != 0 && !copy_in(action, r.ecx)) return -EFAULT;
  const SignalAction old = signal_actions.get(static_cast<int>(r.ebx));
  const int32_t error = change_action(r.ebx, r.ecx != 0 ? &action : nullptr);
  if (error != 0) return error;
  return r.edx == 0 || copy_out(r.edx, old) ? 0 : -EFAULT;
}

// The old sigaction: {handler, mask of 32, flags, restorer}.
int32_t sigaction(Registers& r) {
  if (!valid_signal(r.ebx)) return -EINVAL;
  uint32_t words[4];
  if (r.ecx != 0 && !copy_in(words, r.ecx)) return -EFAULT;
  const SignalAction old = signal_actions.get(static_cast<int>(r.ebx));
  const SignalAction action{words[0], words[2], words[3], {{words[1], 0}}};
  const int32_t error = change_action(r.ebx, r.ecx != 0 ? &action : nullptr);
  if (error != 0) return error;
  const uint32_t old_words[4] = {old.handler, old.mask.word[0], old.flags, old.restorer};
  return r.edx == 0 || copy_out(r.edx, old_words) ? 0 : -EFAULT;
}

int32_t signal(Registers& r) {
  if (!valid_signal(r.ebx)) return -EINVAL;
  const uint32_t old = signal_actions.get(static_cast<int>(r.ebx)).handler;
  const SignalAction action{r.ecx, SA_RESETHAND | SA_NODEFER, 0, {}};
  const int32_t error = change_action(r.ebx, &action);
  return error != 0 ? error : static_cast<int32_t>(old);
}

int32_t rt_sigprocmask(Registers& r) {
  if (r.esi != sizeof(SignalSet)) return -EINVAL;
  const SignalSet old = blocked_signals();
  if (r.ecx != 0) {
    SignalSet set;
    if (!copy_in(set, r.ecx)) return -EFAULT;
    const int32_t error = change_mask(r.ebx, set);
    if (error != 0) return error;
  }
  return r.edx == 0 || copy_out(r.edx, old) ? 0 : -EFAULT;
}

int32_t sigprocmask(Registers& r) {
  const SignalSet old = blocked_signals();
  if (r.ecx != 0) {
    SignalSet set = old;
    if (!copy_in(set.word[0], r.ecx)) return -EFAULT;
    if (r.ebx != 2) set.word[1] = 0;
    const int32_t error = change_mask(r.ebx, set);
    if (error != 0) return error;
  }
  return r.edx == 0 || copy_out(r.edx, old.word[0]) ? 0 : -EFAULT;
}

int32_t rt_sigpending(Registers& r) {
  const process_page& page = shared_page();
  const SignalSet blocked = blocked_signals();
  const SignalSet pending{{page.pending[0] & blocked.word[0], page.pending[1] & blocked.word[1]}};
  if (r.ecx > sizeof pending) return -EINVAL;
  return copy_out(r.ebx, &pending, r.ecx) ? 0 : -EFAULT;
}

int32_t rt_sigsuspend(Registers& r) {
  SignalSet set;
  if (r.ecx != sizeof set) return -EINVAL;
  if (!copy_in(set, r.ebx)) return -EFAULT;
  replace_mask_until_signal(set);
  wait_for_signal(kForever);
  return -EINTR;
}

int32_t pause(Registers&) {
  wait_for_signal(kForever);
  return -EINTR;
}

int32_t rt_sigtimedwait(Registers& r) { return timed_wait<Timespec32>(r); }
int32_t rt_sigtimedwait_time64(Registers& r) { return timed_wait<Timespec64>(r); }

int32_t kill(Registers& r) {
  if (static_cast<int>(r.ebx) == shared_page().pid &&
      deliver_own_signal(r, static_cast<int>(r.ecx), SI_USER)) {
    return static_cast<int32_t>(r.eax);
  }
  return send_signal(static_cast<int>(r.ebx), 0, r.ecx, SI_USER, 0);
}
int32_t tkill(Registers& r) {
  if (static_cast<int>(r.ebx) == current_thread().tid &&
      deliver_own_signal(r, static_cast<int>(r.ecx), SI_TKILL)) {
    return static_cast<int32_t>(r.eax);
  }
  return send_signal(static_cast<int>(r.ebx), static_cast<int>(r.ebx), r.ecx, SI_TKILL, 0);
}
int32_t tgkill(Registers& r) {
  if (static_cast<int>(r.ebx) == shared_page().pid &&
      static_cast<int>(r.ecx) == current_thread().tid &&
      deliver_own_signal(r, static_cast<int>(r.edx), SI_TKILL)) {
    return static_cast<int32_t>(r.eax);
  }
  return send_signal(static_cast<int>(r.ebx), static_cast<int>(r.ecx), r.edx, SI_TKILL, 0);
}

// rt_sigqueueinfo(pid, signal, info): code and value of the sender's making.
int32_t rt_sigqueueinfo(Registers& r) {
  int32_t info[8];
  if (!copy_in(info, r.edx)) return -EFAULT;
  if (info[2] >= 0) return -EPERM;
  return send_signal(static_cast<int>(r.ebx), 0, r.ecx, info[2], info[5]);
}

}  // namespace calls
}  // namespace emulation
