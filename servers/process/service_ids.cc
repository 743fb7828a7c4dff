// Groups, sessions, credentials, priorities.
#include <algorithm>
#include <cerrno>

#include <mach.h>

#include "libs/server/posix_result.h"
#include "servers/process/process_server.h"

namespace process {

using base::Error;
using base::Result;

kern_return_t ProcessServer::proc_setpgid(mach_port_t port, int pid, int pgid) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  TRY_POSIX(table_.set_group(*process, pid, pgid));
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_getpgid(mach_port_t port, int pid, int* pgid) {
  Process* process = pid == 0 ? caller(port) : table_.find(pid);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  *pgid = process->pgid;
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_setsid(mach_port_t port, int* sid) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  *sid = TRY_POSIX(table_.make_session(*process));
  publish(*process);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_getsid(mach_port_t port, int pid, int* sid) {
  Process* process = pid == 0 ? caller(port) : table_.find(pid);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  *sid = process->sid;
  return KERN_SUCCESS;
}

namespace {

// One of set[res][ug]id's ids: -1 keeps the old one; without privilege only ids already held.
Result<uint32_t> new_id(int wanted, uint32_t old, bool privileged, uint32_t r, uint32_t e,
                        uint32_t s) {
  if (wanted == -1) return old;
  const auto id = static_cast<uint32_t>(wanted);
  if (privileged || id == r || id == e || id == s) return id;
  return Error(EPERM);
}

}  // namespace

template <typename Change>
kern_return_t ProcessServer::change_ids(mach_port_t port, Change change) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  Identity next = process->identity;
  const base::Status status = change(next, process->identity.euid == 0);
  if (!status.ok()) return POSIX_ERROR(status.code());
  process->identity = std::move(next);
  publish(*process);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_setresuid(mach_port_t port, int ruid, int euid, int suid) {
  return change_ids(port, [&](Identity& id, bool privileged) -> base::Status {
    const uint32_t r = TRY(new_id(ruid, id.uid, privileged, id.uid, id.euid, id.suid));
    const uint32_t e = TRY(new_id(euid, id.euid, privileged, id.uid, id.euid, id.suid));
    const uint32_t s = TRY(new_id(suid, id.suid, privileged, id.uid, id.euid, id.suid));
    id.uid = r;
    id.euid = e;
    id.suid = s;
    return {};
  });
}

kern_return_t ProcessServer::proc_setresgid(mach_port_t port, int rgid, int egid, int sgid) {
  return change_ids(port, [&](Identity& id, bool privileged) -> base::Status {
    const uint32_t r = TRY(new_id(rgid, id.gid, privileged, id.gid, id.egid, id.sgid));
    const uint32_t e = TRY(new_id(egid, id.egid, privileged, id.gid, id.egid, id.sgid));
    const uint32_t s = TRY(new_id(sgid, id.sgid, privileged, id.gid, id.egid, id.sgid));
    id.gid = r;
    id.egid = e;
    id.sgid = s;
    return {};
  });
}

kern_return_t ProcessServer::proc_setgroups(mach_port_t port, const int* groups,
                                            mach_msg_type_number_t groupsCnt) {
  return change_ids(port, [&](Identity& id, bool privileged) -> base::Status {
    if (!privileged) return Error(EPERM);
    if (groupsCnt > POSIX_NGROUPS) return Error(EINVAL);
    id.groups.assign(groups, groups + groupsCnt);
    return {};
  });
}

kern_return_t ProcessServer::proc_getids(mach_port_t port, int* ids,
                                         mach_msg_type_number_t* idsCnt) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  const Identity& id = process->identity;
  int* out = ids;
  for (const uint32_t value : {id.uid, id.euid, id.suid, id.gid, id.egid, id.sgid}) {
    *out++ = static_cast<int>(value);
  }
  for (const uint32_t group : id.groups) *out++ = static_cast<int>(group);
  *idsCnt = static_cast<mach_msg_type_number_t>(out - ids);
  return KERN_SUCCESS;
}

// PRIO_PROCESS only: groups and users have no common value to show.
Result<Process*> ProcessServer::priority_target(mach_port_t port, int which, int who) {
  if (which != 0) return Error(EINVAL);
  Process* target = who == 0 ? caller(port) : table_.find(who);
  if (target == nullptr || !target->alive()) return Error(ESRCH);
  return target;
}

kern_return_t ProcessServer::proc_getpriority(mach_port_t port, int which, int who, int* nice) {
  *nice = TRY_POSIX(priority_target(port, which, who))->nice;
  return KERN_SUCCESS;
}

// nice -20..19 becomes a Mach priority around the user base of 12; lower is better in both.
kern_return_t ProcessServer::proc_setpriority(mach_port_t port, int which, int who, int nice) {
  constexpr int kBasePriority = 12, kBest = -20, kWorst = 19;
  Process* target = TRY_POSIX(priority_target(port, which, who));
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  nice = std::clamp(nice, kBest, kWorst);
  const bool privileged = process->identity.euid == 0;
  if (!privileged && process->identity.euid != target->identity.uid) return POSIX_ERROR(EPERM);
  if (!privileged && nice < target->nice) return POSIX_ERROR(EACCES);
  target->nice = nice;
  task_priority(target->task, kBasePriority + nice * (nice < 0 ? 4 : 18) / 20, TRUE);
  return KERN_SUCCESS;
}

}  // namespace process
