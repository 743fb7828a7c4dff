// fork, exec, exit, wait.
#include <cerrno>
#include <cstring>

#include <mach.h>

#include "libs/server/posix_result.h"
#include "servers/process/process_server.h"

namespace process {

using base::Error;

kern_return_t ProcessServer::proc_fork(mach_port_t port, mach_port_t child, mach_port_t thread,
                                       int flags, int* pid) {
  Process* parent = caller(port);
  if (parent == nullptr) return POSIX_ERROR(ESRCH);
  Process* process = TRY_POSIX(adopt_task(parent, child, thread));
  *pid = process->pid;
  if (thread_resume(thread) != KERN_SUCCESS) {
    // The new task died already: its parent learns of it as of any dead child.
    end_process(*process, status_of_signal(kSigKill));
    return KERN_SUCCESS;
  }
  if ((flags & PROC_FORK_VFORK) == 0) return KERN_SUCCESS;
  process->vfork_reply = dev_.loop().current_call().take_reply_port();
  return MIG_NO_REPLY;
}

void ProcessServer::answer_vfork(Process& child) {
  if (child.vfork_reply == MACH_PORT_NULL) return;
  reply_proc_fork(child.vfork_reply, KERN_SUCCESS, child.pid);
  child.vfork_reply = MACH_PORT_NULL;
}

kern_return_t ProcessServer::proc_exec(mach_port_t port, const char* name,
                                       mach_msg_type_number_t nameCnt, const char* arguments,
                                       mach_msg_type_number_t argumentsCnt, mach_port_t file,
                                       boolean_t set_ids, boolean_t* secure) {
  constexpr uint32_t kSetUid = 04000, kSetGid = 02000;
  constexpr size_t kKeptArguments = 4096, kKeptName = 15;
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  *secure = FALSE;
  Identity& id = process->identity;
  if (set_ids) {
    const io_stat_t attributes = TRY_POSIX(attributes_of(file));
    if ((attributes.st_mode & kSetUid) != 0 && id.euid != attributes.st_uid) {
      id.euid = attributes.st_uid;
      *secure = TRUE;
    }
    if ((attributes.st_mode & kSetGid) != 0 && id.egid != attributes.st_gid) {
      id.egid = attributes.st_gid;
      *secure = TRUE;
    }
  }
  id.suid = id.euid;
  id.sgid = id.egid;
  main_space_.release(file);
  process->command.assign(name, std::min<size_t>(nameCnt, kKeptName));
  process->arguments.assign(arguments, std::min<size_t>(argumentsCnt, kKeptArguments));
  process->has_executed = true;
  publish(*process);
  answer_vfork(*process);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_exit(mach_port_t port, int status) {
  if (Process* process = caller(port)) end_process(*process, status & 0xffff);
  return KERN_SUCCESS;
}

void ProcessServer::fill_rusage(CpuTime used, int* rusage, mach_msg_type_number_t* count) const {
  constexpr mach_msg_type_number_t kWords = 18;  // struct rusage
  constexpr int64_t kMillion = 1000000;
  std::memset(rusage, 0, kWords * sizeof(int));
  rusage[0] = static_cast<int>(used.user_us / kMillion);
  rusage[1] = static_cast<int>(used.user_us % kMillion);
  rusage[2] = static_cast<int>(used.system_us / kMillion);
  rusage[3] = static_cast<int>(used.system_us % kMillion);
  *count = kWords;
}

kern_return_t ProcessServer::proc_getrusage(mach_port_t port, int who, int* rusage,
                                            mach_msg_type_number_t* rusageCnt) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (who != 0 && who != -1) return POSIX_ERROR(EINVAL);
  fill_rusage(who == 0 ? control_.cpu_time(*process) : process->children_used, rusage, rusageCnt);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_wait(mach_port_t port, int which, int options, int cookie,
                                       int* pid, int* status, int* rusage,
                                       mach_msg_type_number_t* rusageCnt) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if ((options & ~(kWaitNoHang | kWaitUntraced | kWaitContinued | 0xe0000000)) != 0) {
    return POSIX_ERROR(EINVAL);
  }
  const WaitResult result = TRY_POSIX(table_.take_wait(*process, which, options));
  if (result.pid == 0 && (options & kWaitNoHang) == 0) {
    process->waits.push_back(
        {dev_.loop().current_call().take_reply_port(), cookie, which, options});
    return MIG_NO_REPLY;
  }
  *pid = result.pid;
  *status = result.status;
  fill_rusage(result.used, rusage, rusageCnt);
  return KERN_SUCCESS;
}

void ProcessServer::answer_waits(Process& parent) {
  for (auto it = parent.waits.begin(); it != parent.waits.end();) {
    const auto result = table_.take_wait(parent, it->which, it->options);
    if (result.ok() && result.value().pid == 0) {
      ++it;
      continue;
    }
    int rusage[18];
    mach_msg_type_number_t count = 18;
    const WaitResult found = result.ok() ? result.value() : WaitResult{};
    fill_rusage(found.used, rusage, &count);
    reply_proc_wait(it->reply, result.ok() ? KERN_SUCCESS : POSIX_ERROR(result.code()), found.pid,
                    found.status, rusage, count);
    it = parent.waits.erase(it);
  }
}

kern_return_t ProcessServer::proc_interrupt(mach_port_t port, int cookie) {
  Process* process = caller(port);
  if (process == nullptr) return KERN_SUCCESS;
  for (auto it = process->waits.begin(); it != process->waits.end(); ++it) {
    if (it->cookie != cookie) continue;
    int rusage[18] = {};
    reply_proc_wait(it->reply, POSIX_ERROR(EINTR), 0, 0, rusage, 18);
    process->waits.erase(it);
    return KERN_SUCCESS;
  }
  for (auto it = pending_opens_.begin(); it != pending_opens_.end(); ++it) {
    if (it->process != port || it->cookie != cookie) continue;
    reply_proc_open_special(it->reply, POSIX_ERROR(EINTR), MACH_PORT_NULL, 0);
    pending_opens_.erase(it);
    return KERN_SUCCESS;
  }
  return KERN_SUCCESS;
}

}  // namespace process
