// The signal actions of the process.
#pragma once

#include <cstdint>

#include "emulation/signals/signals.h"

namespace emulation {

inline constexpr uint32_t kDefaultAction = 0;
inline constexpr uint32_t kIgnoreAction = 1;

inline constexpr uint32_t SA_NOCLDSTOP = 1, SA_NOCLDWAIT = 2, SA_SIGINFO = 4,
                          SA_RESTORER = 0x04000000, SA_ONSTACK = 0x08000000,
                          SA_RESTART = 0x10000000, SA_NODEFER = 0x40000000,
                          SA_RESETHAND = 0x80000000;

// As rt_sigaction(2) passes it on i386.
struct SignalAction {
  uint32_t handler;
  uint32_t flags;
  uint32_t restorer;
  SignalSet mask;
};
static_assert(sizeof(SignalAction) == 20);

class SignalActions {
 public:
  const SignalAction& get(int signal) const { return actions_[signal - 1]; }
  // Also tells the process server, by the process page, what is ignored and caught.
  void set(int signal, const SignalAction& action);
  void reset_for_exec();

  // While the process waits for the signals of `set` (sigtimedwait) none of them may be thrown away
  // or stop it, whatever their actions are: for the process server they count as caught.
  void begin_wait(SignalSet set);
  void end_wait(SignalSet set);

 private:
  enum class Disposition { kDefault, kIgnored, kCaught };
  static void publish(int signal, Disposition disposition);
  [[nodiscard]] Disposition disposition_of(int signal) const;

  SignalAction actions_[linux_abi::kSignalCount];
};

extern SignalActions signal_actions;

enum class DefaultEffect { kTerminate, kIgnore, kStop };
DefaultEffect default_effect(int signal);

}  // namespace emulation
