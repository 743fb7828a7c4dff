#include "emulation/signals/job_control.h"

#include <cerrno>

#include "emulation/mach/servers.h"
#include "emulation/signals/signals.h"
#include "libs/mach/process_user.h"

namespace emulation {

int32_t check_foreground(const OpenFile& terminal, int signal) {
  const process_page& page = shared_page();
  if (!terminal.is_terminal() || page.foreground == 0 || page.foreground == page.pgid) return 0;
  const SignalSet ignored{{page.ignored[0], page.ignored[1]}};
  if (ignored.has(signal) || blocked_signals().has(signal)) {
    return signal == linux_abi::SIGTTIN ? -EIO : 0;  // who ignores SIGTTOU may change the terminal
  }
  constexpr int kOwnGroup = 0;
  const kern_return_t kr = proc_kill(process_port(), kOwnGroup, 0, signal, 0, 0);
  if (kr != KERN_SUCCESS) return error_from(kr);
  // An orphaned group is not stopped: nobody could continue it.
  const SignalSet pending{{page.pending[0], page.pending[1]}};
  return pending.has(signal) ? -EINTR : -EIO;
}

}  // namespace emulation
