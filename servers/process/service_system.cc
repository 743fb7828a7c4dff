// The host: names, time, figures, power.
#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <mach.h>
#include <mach/mach_host.h>

#include "libs/mach/fs_control_user.h"
#include "libs/server/posix_result.h"
#include "servers/process/process_server.h"

namespace process {

kern_return_t ProcessServer::proc_gethostname(mach_port_t, char* name,
                                              mach_msg_type_number_t* nameCnt) {
  *nameCnt = std::min<mach_msg_type_number_t>(*nameCnt, hostname_.size());
  std::copy_n(hostname_.begin(), *nameCnt, name);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_sethostname(mach_port_t port, const char* name,
                                              mach_msg_type_number_t nameCnt) {
  constexpr size_t kMost = 64;
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (process->identity.euid != 0) return POSIX_ERROR(EPERM);
  if (nameCnt > kMost) return POSIX_ERROR(EINVAL);
  hostname_.assign(name, nameCnt);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_settime(mach_port_t port, const long long& seconds,
                                          int microseconds) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (process->identity.euid != 0) return POSIX_ERROR(EPERM);
  if (seconds < 0 || seconds > 0x7fffffff || microseconds < 0 || microseconds >= 1000000) {
    return POSIX_ERROR(EINVAL);
  }
  const time_value_t time{static_cast<int>(seconds), microseconds};
  return host_set_time(ports_.host, time) == KERN_SUCCESS ? KERN_SUCCESS : POSIX_ERROR(EPERM);
}

kern_return_t ProcessServer::proc_sysinfo(mach_port_t, int* info,
                                          mach_msg_type_number_t* infoCnt) {
  constexpr unsigned kSysinfoScale = 65536;
  const SystemFigures f = figures();
  int* out = info;
  *out++ = static_cast<int>(f.uptime);
  for (const uint32_t load : f.loads) {
    *out++ = static_cast<int>(static_cast<uint64_t>(load) * kSysinfoScale / 1000);
  }
  *out++ = static_cast<int>(f.total_pages);
  *out++ = static_cast<int>(f.free_pages);
  *out++ = static_cast<int>(f.swap_pages);
  *out++ = static_cast<int>(f.free_swap_pages);
  *out++ = static_cast<int>(table_.size());
  *infoCnt = static_cast<mach_msg_type_number_t>(out - info);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_unimplemented(mach_port_t, int number) {
  count_unimplemented(number);
  return KERN_SUCCESS;
}

void ProcessServer::count_unimplemented(int number) {
  constexpr int kMostCalls = 1024;
  if (number >= 0 && number < kMostCalls) ++unimplemented_[number];
}

// reboot(2): everybody is killed, the file systems are closed, the machine stops.
kern_return_t ProcessServer::proc_reboot(mach_port_t port, int command) {
  constexpr unsigned kRestart = 0x01234567, kHalt = 0xcdef0123, kPowerOff = 0x4321fedc,
                     kCadOn = 0x89abcdef, kCadOff = 0;
  constexpr int kHaltFlag = 8;  // RB_HALT of host_reboot
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (process->identity.euid != 0) return POSIX_ERROR(EPERM);
  const auto word = static_cast<unsigned>(command);
  if (word == kCadOn || word == kCadOff) return KERN_SUCCESS;
  if (word != kRestart && word != kHalt && word != kPowerOff) return POSIX_ERROR(EINVAL);
  table_.for_each([&](Process& p) {
    if (p.alive()) control_.terminate(p);
  });
  const kern_return_t kr = fs_sync_all(ports_.file_control, TRUE);
  if (kr != KERN_SUCCESS) std::printf("process: closing the file systems failed (0x%x)\n", kr);
  host_reboot(ports_.host, word == kRestart ? 0 : kHaltFlag);
  return KERN_SUCCESS;
}

// More threads than one are not known to the signal code yet: see LIMITATIONS.md.
kern_return_t ProcessServer::proc_new_thread(mach_port_t, mach_port_t, int*) {
  return POSIX_ERROR(ENOSYS);
}
kern_return_t ProcessServer::proc_exit_thread(mach_port_t, int) { return KERN_SUCCESS; }

}  // namespace process
