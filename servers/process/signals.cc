#include "servers/process/signals.h"

#include <cerrno>
#include <cstring>

namespace process {
namespace {

using base::Error;

constexpr SignalMask kStopSignals =
    bit_of(kSigStop) | bit_of(kSigTtyStop) | bit_of(kSigTtyIn) | bit_of(kSigTtyOut);

SignalMask mask_of(const volatile unsigned (&words)[2]) {
  return words[0] | static_cast<SignalMask>(words[1]) << 32;
}

// Stops by default, unless the process says otherwise.
bool stops(const Process& target, int signal) {
  if (signal == kSigStop) return true;
  const SignalMask bit = bit_of(signal);
  return (kStopSignals & bit) != 0 &&
         ((mask_of(target.page->caught) | mask_of(target.page->ignored)) & bit) == 0;
}

// Nobody ends or stops the first process: it gets only what it catches, or blocks to take it later.
bool is_safe_from(const Process& target, int signal) {
  const SignalMask bit = bit_of(signal);
  constexpr SignalMask kUncatchable = bit_of(kSigKill) | bit_of(kSigStop);
  const SignalMask wanted = mask_of(target.page->caught) | mask_of(target.page->blocked);
  return target.pid == 1 && ((wanted & ~kUncatchable) & bit) == 0;
}

bool within(unsigned address, unsigned begin, unsigned end) {
  return address >= begin && address < end;
}

}  // namespace

bool Signals::may_signal(const Process& sender, const Process& target, int signal) {
  const Identity& s = sender.identity;
  const Identity& t = target.identity;
  if (s.euid == 0 || s.uid == t.uid || s.uid == t.suid || s.euid == t.uid || s.euid == t.suid) {
    return true;
  }
  return signal == kSigContinue && sender.sid == target.sid;
}

base::Status Signals::kill(Process& sender, int pid, const SignalInfo& info) {
  if (info.signal < 0 || info.signal > kSignalCount) return Error(EINVAL);
  bool found = false;
  bool allowed = false;
  const int group = pid == 0 ? sender.pgid : pid < -1 ? -pid : 0;
  table_.for_each([&](Process& target) {
    const bool meant = pid > 0     ? target.pid == pid
                       : pid == -1 ? target.pid != 1 && &target != &sender
                                   : target.pgid == group;
    if (!meant) return;
    found = true;
    if (!may_signal(sender, target, info.signal)) return;
    allowed = true;
    if (info.signal != 0) post(target, info);
  });
  if (!found) return Error(ESRCH);
  if (!allowed) return Error(EPERM);
  return {};
}

void Signals::post_group(int pgid, const SignalInfo& info) {
  table_.for_each([&](Process& target) {
    if (target.pgid == pgid) post(target, info);
  });
}

void Signals::set_pending(Process& target, const SignalInfo& info) {
  const SignalMask bit = bit_of(info.signal);
  if ((target.pending & bit) == 0) target.info[info.signal - 1] = info;
  target.pending |= bit;
  const int word = (info.signal - 1) / 32;
  __atomic_or_fetch(&target.page->pending[word], static_cast<unsigned>(bit >> word * 32),
                    __ATOMIC_SEQ_CST);
}

void Signals::clear_pending(Process& target, SignalMask signals) {
  target.pending &= ~signals;
  for (int word = 0; word < 2; ++word) {
    __atomic_and_fetch(&target.page->pending[word],
                       static_cast<unsigned>(target.pending >> word * 32), __ATOMIC_SEQ_CST);
  }
}

void Signals::resume_process(Process& target) {
  if (target.state != RunState::kStopped) return;
  target.state = RunState::kRunning;
  target.report_stop = false;
  target.report_continue = true;
  control_.resume(target);
  on_change(target);
}

void Signals::stop(Process& process, int signal) {
  if (process.state != RunState::kRunning) return;
  process.state = RunState::kStopped;
  process.wait_status = status_of_stop(signal);
  process.report_stop = true;
  process.report_continue = false;
  control_.stop(process);
  on_change(process);
}

void Signals::post(Process& target, const SignalInfo& info) {
  if (!target.alive() || target.page == nullptr) return;
  const int signal = info.signal;
  if (is_safe_from(target, signal)) return;
  if (signal == kSigKill) {
    on_end(target, status_of_signal(signal));
    return;
  }
  if (signal == kSigContinue) {
    clear_pending(target, kStopSignals);
    resume_process(target);
  }
  if ((kStopSignals & bit_of(signal)) != 0) clear_pending(target, bit_of(kSigContinue));
  if (signal == kSigStop) {
    stop(target, signal);
    return;
  }
  const SignalMask bit = bit_of(signal);
  const bool blocked = (mask_of(target.page->blocked) & bit) != 0;
  if (!blocked && (mask_of(target.page->ignored) & bit) != 0) return;
  if (stops(target, signal) && table_.group_is_orphaned(target.pgid)) return;
  set_pending(target, info);
  if (!blocked) poke(target);
}

SignalInfo Signals::take(Process& process, SignalMask mask) {
  const SignalMask ready = process.pending & mask;
  if (ready == 0) {
    // The page may promise what is not there: make it agree.
    clear_pending(process, 0);
    return {};
  }
  const int signal = __builtin_ctzll(ready) + 1;
  const SignalInfo info = process.info[signal - 1];
  clear_pending(process, bit_of(signal));
  return info;
}

// Sends the thread from program code to the library's signal entry.
bool Signals::divert(Process& target, ThreadState& state) {
  if (!target.interrupted_state.empty()) return false;  // on its way there already
  target.interrupted_state.resize(i386_THREAD_STATE_COUNT);
  std::memcpy(target.interrupted_state.data(), &state, sizeof state);
  state.eip = library_.signal_entry;
  return true;
}

void Signals::poke(Process& target) {
  if (target.state == RunState::kStopped) return;  // it looks when it is continued
  std::optional<ThreadState> state = control_.suspend_thread(target);
  if (!state) return;
  const unsigned eip = state->eip;
  bool changed = true;
  if (within(eip, library_.block_begin, library_.block_end)) {
    state->eip = library_.block_abort;
  } else if (within(eip, library_.exit_begin, library_.exit_end)) {
    state->eip = library_.exit_again;
  } else if (within(eip, EMULATION_BASE, library_.text_end)) {
    changed = false;
    control_.abort_thread(target);
  } else {
    control_.abort_thread(target);
    changed = divert(target, *state);
  }
  if (changed) control_.set_thread_state(target, *state);
  control_.resume_thread(target);
  target.poke_again = !changed;
  wants_poke_ |= target.poke_again;
}

void Signals::poke_again() {
  wants_poke_ = false;
  table_.for_each([this](Process& target) {
    if (!target.poke_again || !target.alive()) return;
    target.poke_again = false;
    const SignalMask open = target.pending & ~mask_of(target.page->blocked);
    if (open != 0) poke(target);
  });
}

std::optional<int> Signals::refuse_call(Process& process) {
  constexpr unsigned kInstructionSize = 2;  // int $0x80
  std::optional<ThreadState> state = control_.faulted_state(process);
  if (!state) return std::nullopt;
  const int number = static_cast<int>(state->eax);
  state->eax = static_cast<unsigned>(-ENOSYS);
  state->eip += kInstructionSize;
  control_.set_thread_state(process, *state);
  return number;
}

void Signals::fault(Process& process, const SignalInfo& info) {
  std::optional<ThreadState> state = control_.faulted_state(process);
  if (!state) return;
  const unsigned eip = state->eip;
  if (within(eip, library_.copy_begin, library_.copy_end)) {
    state->eip = library_.copy_fault;
    control_.set_thread_state(process, *state);
    return;
  }
  const SignalMask bit = bit_of(info.signal);
  const bool caught = (mask_of(process.page->caught) & ~mask_of(process.page->blocked) & bit) != 0;
  if (!caught || within(eip, EMULATION_BASE, library_.text_end) || !divert(process, *state)) {
    on_end(process, status_of_signal(info.signal));
    return;
  }
  set_pending(process, info);
  control_.set_thread_state(process, *state);
}

}  // namespace process
