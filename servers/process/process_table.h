// ProcessTable: all processes, their families, groups and sessions. Pure bookkeeping: no kernel call.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "libs/base/result.h"
#include "servers/process/process.h"

namespace process {

// wait4's options.
inline constexpr int kWaitNoHang = 1;
inline constexpr int kWaitUntraced = 2;
inline constexpr int kWaitContinued = 8;

// What a wait found.
struct WaitResult {
  int pid = 0;  // 0: nothing yet
  int status = 0;
  CpuTime used;
};

class ProcessTable {
 public:
  static constexpr int kMaxPid = 32767;
  static constexpr size_t kMaxProcesses = 4096;

  ProcessTable() = default;
  ProcessTable(const ProcessTable&) = delete;
  ProcessTable& operator=(const ProcessTable&) = delete;

  // A new process, the child of `parent` (null: the first one), which inherits what fork inherits.
  // EAGAIN when there are too many.
  base::Result<Process*> create(Process* parent);
  // The process has never run (a failed fork), or has been waited for.
  void remove(Process& process);

  // Makes it a zombie: its children go to pid 1. Its rights have been released by the caller.
  void become_zombie(Process& process, int status, CpuTime used);

  [[nodiscard]] Process* find(int pid) const;
  [[nodiscard]] Process* find_by_port(mach_port_t port) const;
  [[nodiscard]] Process* find_by_task(mach_port_t task) const;
  // To be called when `process.port` or `.task` has been set.
  void index_ports(Process& process);
  void forget_ports(Process& process);

  // Looks for a child to report to `parent`, and takes the report: a zombie is removed. `which` as in
  // wait4. ECHILD when there is no such child at all.
  base::Result<WaitResult> take_wait(Process& parent, int which, int options);

  // setpgid(2) and setsid(2) with their rules: ESRCH, EPERM, EACCES, EINVAL.
  base::Status set_group(Process& caller, int pid, int pgid);
  base::Result<int> make_session(Process& caller);
  [[nodiscard]] bool group_exists(int pgid, int sid) const;
  // No member has a parent outside the group but in the same session: nobody could continue it.
  [[nodiscard]] bool group_is_orphaned(int pgid) const;

  void for_each(const std::function<void(Process&)>& f) const;
  [[nodiscard]] size_t size() const { return processes_.size(); }
  [[nodiscard]] int last_pid() const { return last_pid_; }

 private:
  base::Result<int> next_pid();

  std::map<int, std::unique_ptr<Process>> processes_;
  std::map<mach_port_t, Process*> by_port_;
  std::map<mach_port_t, Process*> by_task_;
  int last_pid_ = 0;
};

}  // namespace process
