// Signals: who may send them, which processes get them, and how a process is made to notice. The
// contract with the emulation library is in docs/posix.md.
#pragma once

#include <functional>
#include <optional>

#include "libs/base/result.h"
#include "servers/process/process_table.h"
#include "servers/process/task_control.h"

namespace process {

// The numbers of Linux on i386.
enum Signal : int {
  kSigHup = 1, kSigInt = 2, kSigQuit = 3, kSigIll = 4, kSigTrap = 5, kSigBus = 7, kSigFpe = 8,
  kSigKill = 9, kSigSegv = 11, kSigPipe = 13, kSigAlarm = 14, kSigTerm = 15, kSigChild = 17,
  kSigContinue = 18, kSigStop = 19, kSigTtyStop = 20, kSigTtyIn = 21, kSigTtyOut = 22,
  kSigUrgent = 23, kSigWindow = 28,
};

// siginfo codes.
inline constexpr int kCodeUser = 0;
inline constexpr int kCodeKernel = 0x80;

class Signals {
 public:
  // `ended` is called for a process that a signal ends at once; `changed` when a child has stopped or
  // continued, so that its parent's waits can be looked at.
  Signals(ProcessTable& table, TaskControl& control, const emulation_header& library)
      : table_(table), control_(control), library_(library) {}

  std::function<void(Process&, int status)> on_end;
  std::function<void(Process&)> on_change;

  // kill(2) with its meanings of pid. EPERM, ESRCH, EINVAL.
  base::Status kill(Process& sender, int pid, const SignalInfo& info);
  // From the system itself: no permission is needed.
  void post(Process& target, const SignalInfo& info);
  void post_group(int pgid, const SignalInfo& info);

  // A stop that the library asks for as a default action.
  void stop(Process& process, int signal);

  // Takes one pending signal of the mask; signal 0: none.
  SignalInfo take(Process& process, SignalMask mask);

  // A fault of the thread: delivers the signal if it can be caught, else ends the process. The
  // thread is held by its exception; its state is changed here.
  void fault(Process& process, const SignalInfo& info);

  // The thread made a system call by a number that the library has no entry for: it goes on with ENOSYS.
  // Returns the number; nothing when the thread is gone.
  std::optional<int> refuse_call(Process& process);

  // Processes that were in the library when poked, and may have missed it.
  void poke_again();
  [[nodiscard]] bool wants_poke() const { return wants_poke_; }

 private:
  static bool may_signal(const Process& sender, const Process& target, int signal);
  void set_pending(Process& target, const SignalInfo& info);
  void clear_pending(Process& target, SignalMask signals);
  void resume_process(Process& target);
  void poke(Process& target);
  bool divert(Process& target, ThreadState& state);

  ProcessTable& table_;
  TaskControl& control_;
  const emulation_header& library_;
  bool wants_poke_ = false;
};

}  // namespace process
