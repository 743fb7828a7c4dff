#include "servers/process/process_table.h"

#include <cerrno>

namespace process {

using base::Error;

base::Result<int> ProcessTable::next_pid() {
  if (processes_.size() >= kMaxProcesses) return Error(EAGAIN);
  const auto in_use = [this](int pid) {
    if (processes_.contains(pid)) return true;
    for (const auto& [unused, p] : processes_) {
      if (p->pgid == pid || p->sid == pid) return true;
    }
    return false;
  };
  do {
    last_pid_ = last_pid_ >= kMaxPid ? 2 : last_pid_ + 1;
  } while (in_use(last_pid_));
  return last_pid_;
}

base::Result<Process*> ProcessTable::create(Process* parent) {
  const int pid = TRY(next_pid());
  auto owner = std::make_unique<Process>();
  Process* process = owner.get();
  process->pid = process->pgid = process->sid = pid;
  if (parent != nullptr) {
    process->pgid = parent->pgid;
    process->sid = parent->sid;
    process->parent = parent;
    process->identity = parent->identity;
    process->command = parent->command;
    process->arguments = parent->arguments;
    process->nice = parent->nice;
    process->terminal = parent->terminal;
    parent->children.push_back(process);
  }
  processes_.emplace(pid, std::move(owner));
  return process;
}

void ProcessTable::remove(Process& process) {
  if (process.parent != nullptr) process.parent->children.remove(&process);
  forget_ports(process);
  processes_.erase(process.pid);
}

void ProcessTable::become_zombie(Process& process, int status, CpuTime used) {
  process.state = RunState::kZombie;
  process.wait_status = status;
  process.report_stop = process.report_continue = false;
  process.used = used;
  process.terminal = nullptr;
  Process* init = find(1);
  for (Process* child : process.children) {
    child->parent = init != &process ? init : nullptr;
    if (child->parent != nullptr) {
      init->children.push_back(child);
      if (child->page != nullptr) child->page->ppid = init->pid;
    }
  }
  process.children.clear();
}

Process* ProcessTable::find(int pid) const {
  const auto found = processes_.find(pid);
  return found == processes_.end() ? nullptr : found->second.get();
}

Process* ProcessTable::find_by_port(mach_port_t port) const {
  const auto found = by_port_.find(port);
  return found == by_port_.end() ? nullptr : found->second;
}

Process* ProcessTable::find_by_task(mach_port_t task) const {
  const auto found = by_task_.find(task);
  return found == by_task_.end() ? nullptr : found->second;
}

void ProcessTable::index_ports(Process& process) {
  if (process.port != MACH_PORT_NULL) by_port_[process.port] = &process;
  if (process.task != MACH_PORT_NULL) by_task_[process.task] = &process;
}

void ProcessTable::forget_ports(Process& process) {
  if (process.task != MACH_PORT_NULL) by_task_.erase(process.task);
  if (process.port != MACH_PORT_NULL) by_port_.erase(process.port);
}

namespace {

bool wait_matches(const Process& parent, const Process& child, int which) {
  if (which == -1) return true;
  if (which == 0) return child.pgid == parent.pgid;
  return which > 0 ? child.pid == which : child.pgid == -which;
}

}  // namespace

base::Result<WaitResult> ProcessTable::take_wait(Process& parent, int which, int options) {
  bool any = false;
  for (Process* child : parent.children) {
    if (!wait_matches(parent, *child, which)) continue;
    any = true;
    if (child->state == RunState::kZombie) {
      const WaitResult result{child->pid, child->wait_status, child->used};
      parent.children_used += child->used;
      parent.children_used += child->children_used;
      remove(*child);
      return result;
    }
    if ((options & kWaitUntraced) != 0 && child->report_stop) {
      child->report_stop = false;
      return WaitResult{child->pid, child->wait_status, {}};
    }
    if ((options & kWaitContinued) != 0 && child->report_continue) {
      child->report_continue = false;
      return WaitResult{child->pid, kStatusContinued, {}};
    }
  }
  if (!any) return Error(ECHILD);
  return WaitResult{};
}

bool ProcessTable::group_exists(int pgid, int sid) const {
  for (const auto& [unused, p] : processes_) {
    if (p->pgid == pgid && p->sid == sid) return true;
  }
  return false;
}

bool ProcessTable::group_is_orphaned(int pgid) const {
  for (const auto& [unused, p] : processes_) {
    if (p->pgid != pgid || !p->alive() || p->parent == nullptr) continue;
    if (p->parent->pgid != pgid && p->parent->sid == p->sid) return false;
  }
  return true;
}

base::Status ProcessTable::set_group(Process& caller, int pid, int pgid) {
  Process* target = pid == 0 ? &caller : find(pid);
  if (target == nullptr || !target->alive()) return Error(ESRCH);
  if (target != &caller && target->parent != &caller) return Error(ESRCH);
  if (pgid < 0) return Error(EINVAL);
  if (pgid == 0) pgid = target->pid;
  if (target->sid != caller.sid || target->sid == target->pid) return Error(EPERM);
  if (target != &caller && target->has_executed) return Error(EACCES);
  if (pgid != target->pid && !group_exists(pgid, caller.sid)) return Error(EPERM);
  target->pgid = pgid;
  if (target->page != nullptr) target->page->pgid = pgid;
  return {};
}

base::Result<int> ProcessTable::make_session(Process& caller) {
  if (caller.pgid == caller.pid) return Error(EPERM);
  for (const auto& [unused, p] : processes_) {
    if (p->pgid == caller.pid) return Error(EPERM);
  }
  caller.sid = caller.pgid = caller.pid;
  caller.terminal = nullptr;
  return caller.pid;
}

void ProcessTable::for_each(const std::function<void(Process&)>& f) const {
  // By pid, since f may remove processes.
  std::vector<int> pids;
  pids.reserve(processes_.size());
  for (const auto& [pid, unused] : processes_) pids.push_back(pid);
  for (const int pid : pids) {
    if (Process* process = find(pid)) f(*process);
  }
}

}  // namespace process
