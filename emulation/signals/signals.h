// Signals as a process sees them: actions, masks, frames. The process server only posts them.
#pragma once

#include <cstdint>

#include "emulation/entry/thread_block.h"

namespace emulation {

namespace linux_abi {
inline constexpr int SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGILL = 4, SIGTRAP = 5, SIGABRT = 6,
                     SIGBUS = 7, SIGFPE = 8, SIGKILL = 9, SIGUSR1 = 10, SIGSEGV = 11,
                     SIGUSR2 = 12, SIGPIPE = 13, SIGALRM = 14, SIGTERM = 15, SIGSTKFLT = 16,
                     SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19, SIGTSTP = 20, SIGTTIN = 21,
                     SIGTTOU = 22, SIGURG = 23, SIGXCPU = 24, SIGXFSZ = 25, SIGVTALRM = 26,
                     SIGPROF = 27, SIGWINCH = 28, SIGIO = 29, SIGPWR = 30, SIGSYS = 31;
inline constexpr int kSignalCount = 64;
}  // namespace linux_abi

// A set of the 64 signals: bit n-1 is signal n.
struct SignalSet {
  uint32_t word[2] = {};

  bool has(int signal) const { return (word[(signal - 1) / 32] >> (signal - 1) % 32 & 1) != 0; }
  void add(int signal) { word[(signal - 1) / 32] |= 1u << (signal - 1) % 32; }
  void remove(int signal) { word[(signal - 1) / 32] &= ~(1u << (signal - 1) % 32); }
};

// Sends a signal to this process (thread), as the kernel would: SIGPIPE of a write.
void post_own_signal(int signal);

// The running thread sends itself a signal within a system call whose registers these are. When it
// has a handler and is not blocked, or is ignored, nobody else is concerned: the handler is entered,
// and the call's result is r.eax. Otherwise answers false and does nothing.
bool deliver_own_signal(Registers& r, int signal, int code);

// exec: handlers become default actions; the ignored stay ignored; the mask stays.
void reset_signals_for_exec();

// The blocked set of the running thread.
SignalSet blocked_signals();
void set_blocked_signals(SignalSet set);

// Replaces the mask until the next signal frame is built (rt_sigsuspend, ppoll, pselect6).
void replace_mask_until_signal(SignalSet set);

// Ends the replacement when no frame was built.
void restore_replaced_mask();

}  // namespace emulation
