// kill, signals, timers.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "libs/server/posix_result.h"
#include "servers/process/clock.h"
#include "servers/process/process_server.h"
#include "servers/process/timer_thread.h"

namespace process {

kern_return_t ProcessServer::proc_kill(mach_port_t port, int pid, int, int signal, int code,
                                       int value) {
  Process* sender = caller(port);
  if (sender == nullptr) return POSIX_ERROR(ESRCH);
  // Nobody may pretend to be the kernel.
  const SignalInfo info{.signal = signal, .code = std::min(code, kCodeUser), .pid = sender->pid,
                        .uid = sender->identity.uid, .value = value};
  TRY_POSIX(signals_.kill(*sender, pid, info));
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_stop(mach_port_t port, int signal) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (table_.group_is_orphaned(process->pgid)) return KERN_SUCCESS;
  signals_.stop(*process, signal);
  if (process->state != RunState::kStopped) return KERN_SUCCESS;
  process->stop_reply = dev_.loop().current_call().take_reply_port();
  return MIG_NO_REPLY;
}

void ProcessServer::take_signal(Process& process, int mask_low, int mask_high, int* info,
                                mach_msg_type_number_t* count) {
  const SignalMask mask = static_cast<uint32_t>(mask_low) |
                          static_cast<SignalMask>(static_cast<uint32_t>(mask_high)) << 32;
  const SignalInfo taken = signals_.take(process, mask);
  std::memcpy(info, &taken, sizeof taken);
  *count = sizeof taken / sizeof(int);
}

kern_return_t ProcessServer::proc_take_signal(mach_port_t port, int mask_low, int mask_high,
                                              int* info, mach_msg_type_number_t* infoCnt) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  take_signal(*process, mask_low, mask_high, info, infoCnt);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_interrupted_state(mach_port_t port, int mask_low, int mask_high,
                                                    int* state, mach_msg_type_number_t* stateCnt,
                                                    int* info, mach_msg_type_number_t* infoCnt) {
  Process* process = caller(port);
  if (process == nullptr || process->interrupted_state.empty()) return POSIX_ERROR(ESRCH);
  std::ranges::copy(process->interrupted_state, state);
  *stateCnt = static_cast<mach_msg_type_number_t>(process->interrupted_state.size());
  process->interrupted_state.clear();
  take_signal(*process, mask_low, mask_high, info, infoCnt);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_setitimer(mach_port_t port, const long long& value,
                                            const long long& interval, long long* old_value,
                                            long long* old_interval) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (value < 0 || interval < 0) return POSIX_ERROR(EINVAL);
  const int64_t now = now_us();
  RealTimer& timer = process->timer;
  *old_value = timer.deadline_us != 0 ? std::max<int64_t>(timer.deadline_us - now, 1) : 0;
  *old_interval = timer.interval_us;
  timer = {value != 0 ? now + value : 0, interval};
  wake_timer_thread();
  return KERN_SUCCESS;
}

}  // namespace process
