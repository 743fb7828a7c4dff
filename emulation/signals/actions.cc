#include "emulation/signals/actions.h"

#include "emulation/mach/servers.h"

namespace emulation {

constinit SignalActions signal_actions{};

DefaultEffect default_effect(int signal) {
  using namespace linux_abi;
  switch (signal) {
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH: return DefaultEffect::kIgnore;
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU: return DefaultEffect::kStop;
    default: return DefaultEffect::kTerminate;
  }
}

void SignalActions::set(int signal, const SignalAction& action) {
  actions_[signal - 1] = action;
  publish(signal, disposition_of(signal));
}

SignalActions::Disposition SignalActions::disposition_of(int signal) const {
  const uint32_t handler = get(signal).handler;
  if (handler == kIgnoreAction) return Disposition::kIgnored;
  if (handler != kDefaultAction) return Disposition::kCaught;
  return default_effect(signal) == DefaultEffect::kIgnore ? Disposition::kIgnored
                                                          : Disposition::kDefault;
}

void SignalActions::publish(int signal, Disposition disposition) {
  process_page& page = shared_page();
  const int word = (signal - 1) / 32;
  const uint32_t bit = 1u << (signal - 1) % 32;
  const bool ignored = disposition == Disposition::kIgnored;
  const bool caught = disposition == Disposition::kCaught;
  page.ignored[word] = ignored ? page.ignored[word] | bit : page.ignored[word] & ~bit;
  page.caught[word] = caught ? page.caught[word] | bit : page.caught[word] & ~bit;
}

void SignalActions::begin_wait(SignalSet set) {
  for (int signal = 1; signal <= linux_abi::kSignalCount; ++signal) {
    if (set.has(signal)) publish(signal, Disposition::kCaught);
  }
}

void SignalActions::end_wait(SignalSet set) {
  for (int signal = 1; signal <= linux_abi::kSignalCount; ++signal) {
    if (set.has(signal)) publish(signal, disposition_of(signal));
  }
}

void SignalActions::reset_for_exec() {
  for (int signal = 1; signal <= linux_abi::kSignalCount; ++signal) {
    const uint32_t handler = get(signal).handler == kIgnoreAction ? kIgnoreAction : kDefaultAction;
    set(signal, SignalAction{.handler = handler});
  }
}

SignalSet blocked_signals() {
  const ThreadBlock& thread = current_thread();
  return {{~thread.unblocked[0], ~thread.unblocked[1]}};
}

void set_blocked_signals(SignalSet set) {
  set.remove(linux_abi::SIGKILL);
  set.remove(linux_abi::SIGSTOP);
  ThreadBlock& thread = current_thread();
  process_page& page = shared_page();
  for (int i = 0; i < 2; ++i) {
    thread.unblocked[i] = ~set.word[i];
    page.blocked[i] = set.word[i];
  }
}

void replace_mask_until_signal(SignalSet set) {
  ThreadBlock& thread = current_thread();
  thread.saved_unblocked[0] = thread.unblocked[0];
  thread.saved_unblocked[1] = thread.unblocked[1];
  thread.restore_mask = true;
  set_blocked_signals(set);
}

void restore_replaced_mask() {
  ThreadBlock& thread = current_thread();
  if (!thread.restore_mask) return;
  thread.restore_mask = false;
  set_blocked_signals({{~thread.saved_unblocked[0], ~thread.saved_unblocked[1]}});
}

void reset_signals_for_exec() {
  signal_actions.reset_for_exec();
  set_blocked_signals(blocked_signals());
}

}  // namespace emulation
