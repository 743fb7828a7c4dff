#include "servers/process/process_server.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <format>

#include <mach.h>
#include <mach/default_pager_object.h>
#include <mach/exception.h>
#include <mach/mach_host.h>
#include <mach/notify.h>
#include <servers/netname_defs.h>

#include "libs/mach/fs_control_user.h"
#include "libs/mach/service_user.h"
#include "libs/server/posix_result.h"
#include "libs/server/registered_port.h"
#include "servers/process/clock.h"

namespace process {

using base::Error;
using base::Result;

namespace {

Result<std::unique_ptr<server::FileSystem>> refuse_mount(std::string_view, std::string_view, int) {
  return Error(ENODEV);
}

}  // namespace

ProcessServer::ProcessServer(const ServerPorts& ports, mach_port_t main_set, mach_port_t proc_set,
                             mach_port_t dev_control, mach_port_t proc_control,
                             const emulation_header& library)
    : ports_(ports),
      main_space_(main_set),
      proc_space_(proc_set),
      library_(library),
      signals_(table_, control_, library_),
      proc_tree_(table_, control_,
                 {.figures = [this] { return figures(); },
                  .mounts = [this] { return mounts_text(); },
                  .services = &services_text,
                  .swaps = [this] { return swaps_text(); },
                  .unimplemented = [this] { return unimplemented_text(); },
                  .memory_bytes = MachTaskControl::memory_bytes}),
      dev_(main_set, dev_control, main_space_, lock_, dev_tree_.file_system(), refuse_mount),
      proc_(proc_set, proc_control, proc_space_, lock_, proc_tree_.file_system(), refuse_mount),
      boot_time_us_(now_us()) {
  signals_.on_end = [this](Process& p, int status) { end_process(p, status); };
  signals_.on_change = [this](Process& p) { child_changed(p); };
  (void)dev_.tree().set_root_path("/dev");
  (void)proc_.tree().set_root_path("/proc");
  dev_.loop().add(static_cast<ProcessInterface&>(*this));
  dev_.loop().add(static_cast<ExcInterface&>(*this));
  dev_.notifications().set_dead_name([this](mach_port_t task) { task_died(task); });
  const auto port = main_space_.allocate();
  const auto notify = main_space_.allocate();
  exception_port_ = port.ok() ? port.value() : MACH_PORT_NULL;
  notify_port_ = notify.ok() ? notify.value() : MACH_PORT_NULL;
}

Result<Process*> ProcessServer::adopt_task(Process* parent, mach_port_t task, mach_port_t thread) {
  Process* process = TRY(table_.create(parent));
  const auto fail = [&](int error) -> Result<Process*> {
    if (process->page != nullptr) pages_.free(process->page);
    if (process->port != MACH_PORT_NULL) main_space_.destroy(process->port);
    table_.remove(*process);
    return Error(error);
  };
  auto page = pages_.allocate();
  if (!page.ok()) return fail(page.code());
  process->page = page.value();
  auto port = main_space_.allocate();
  if (!port.ok()) return fail(EAGAIN);
  process->port = port.value();
  process->started_us = now_us();
  publish(*process);
  if (parent != nullptr) {
    const process_page& from = *parent->page;
    for (int i = 0; i < 2; ++i) {
      process->page->blocked[i] = from.blocked[i];
      process->page->ignored[i] = from.ignored[i];
      process->page->caught[i] = from.caught[i];
    }
  }
  constexpr vm_prot_t kBoth = VM_PROT_READ | VM_PROT_WRITE;
  if (!pages_.map_into(task, process->page, PROCESS_PAGE_ADDRESS, kBoth).ok()) return fail(ENOMEM);

  mach_port_t previous = MACH_PORT_NULL;
  kern_return_t kr = mach_port_insert_right(task, PROCESS_PORT_NAME, process->port,
                                            MACH_MSG_TYPE_MAKE_SEND);
  // The task keeps a right of its own: ours is only the receive right.
  if (kr == KERN_SUCCESS) {
    kr = mach_port_insert_right(mach_task_self(), exception_port_, exception_port_,
                                MACH_MSG_TYPE_MAKE_SEND);
  }
  if (kr == KERN_SUCCESS) {
    kr = task_set_exception_port(task, exception_port_);
    mach_port_deallocate(mach_task_self(), exception_port_);
  }
  if (kr == KERN_SUCCESS) {
    kr = mach_port_request_notification(mach_task_self(), task, MACH_NOTIFY_DEAD_NAME, 1,
                                        notify_port_, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
  }
  if (kr != KERN_SUCCESS) return fail(EAGAIN);
  process->task = task;
  process->thread = thread;
  table_.index_ports(*process);
  return process;
}

// What the process may read of itself without asking.
void ProcessServer::publish(Process& process) {
  if (process.page == nullptr) return;
  process_page& page = *process.page;
  const Identity& id = process.identity;
  page.pid = process.pid;
  page.ppid = process.parent != nullptr ? process.parent->pid : 0;
  page.pgid = process.pgid;
  page.sid = process.sid;
  page.uid = id.uid;
  page.euid = id.euid;
  page.suid = id.suid;
  page.gid = id.gid;
  page.egid = id.egid;
  page.sgid = id.sgid;
  page.foreground = process.terminal != nullptr ? process.terminal->foreground() : 0;
}

void ProcessServer::publish_foreground(Terminal& terminal) {
  table_.for_each([&](Process& p) {
    if (p.terminal == &terminal && p.page != nullptr) p.page->foreground = terminal.foreground();
  });
}

void ProcessServer::add_terminal(const std::string& name, Terminal& terminal) {
  terminal.on_foreground = [this](Terminal& t) { publish_foreground(t); };
  terminal.group_exists = [this](int pgid, int sid) { return table_.group_exists(pgid, sid); };
  dev_tree_.add_terminal(name, terminal);
}

base::Status ProcessServer::set_terminal(Process& process, Terminal& terminal) {
  if (process.terminal == &terminal) return {};
  if (process.sid != process.pid || process.terminal != nullptr) return Error(EPERM);
  if (terminal.session() != 0 && table_.find(terminal.session()) != nullptr) return Error(EPERM);
  terminal.set_session(process.sid);
  process.terminal = &terminal;
  terminal.set_foreground(process.pgid);
  return {};
}

void ProcessServer::release_rights(Process& process) {
  table_.forget_ports(process);
  main_space_.destroy(process.port);
  process.port = MACH_PORT_NULL;
  for (mach_port_t* right : {&process.task, &process.thread}) {
    if (*right != MACH_PORT_NULL) main_space_.release(*right);
    *right = MACH_PORT_NULL;
  }
  for (PendingWait& wait : process.waits) main_space_.release(wait.reply);
  process.waits.clear();
  if (process.stop_reply != MACH_PORT_NULL) main_space_.release(process.stop_reply);
  process.stop_reply = MACH_PORT_NULL;
  if (process.page != nullptr) pages_.free(process.page);
  process.page = nullptr;
}

void ProcessServer::end_process(Process& process, int status) {
  if (!process.alive()) return;
  const CpuTime used = control_.cpu_time(process);
  control_.terminate(process);
  answer_vfork(process);
  if (process.terminal != nullptr && process.sid == process.pid) {
    Terminal& terminal = *process.terminal;
    signals_.post_group(terminal.foreground(), {.signal = kSigHup, .code = kCodeKernel});
    table_.for_each([&](Process& p) {
      if (p.terminal == &terminal) p.terminal = nullptr;
      publish(p);
    });
    terminal.set_session(0);
    terminal.set_foreground(0);
  }
  release_rights(process);
  table_.become_zombie(process, status, used);
  if (process.parent == nullptr) {
    const bool was_init = process.pid == 1;
    table_.remove(process);
    if (was_init) {
      std::printf("process: the first process has ended (status 0x%x)\n", status);
      fs_sync_all(ports_.file_control, TRUE);
      task_terminate(mach_task_self());  // the bootstrap server knows what to do
    }
    return;
  }
  child_changed(process);
}

void ProcessServer::task_died(mach_port_t task) {
  Process* process = table_.find_by_task(task);
  main_space_.release(task);  // the reference that the notification carries
  if (process == nullptr) return;
  // Not by exit or a signal: memory was full, or somebody had the task's port.
  std::printf("process: process %d (%s) was terminated from outside\n", process->pid,
              process->command.c_str());
  end_process(*process, status_of_signal(kSigKill));
}

// A child has ended, stopped or continued.
void ProcessServer::child_changed(Process& child) {
  constexpr int kExited = 1, kKilled = 2, kStopped = 5, kContinued = 6;  // CLD_*
  if (child.stop_reply != MACH_PORT_NULL && child.state == RunState::kRunning) {
    reply_proc_stop(child.stop_reply, KERN_SUCCESS);
    child.stop_reply = MACH_PORT_NULL;
  }
  Process* parent = child.parent;
  if (parent == nullptr || !parent->alive()) return;
  SignalInfo info{.signal = kSigChild, .pid = child.pid, .uid = child.identity.uid};
  if (child.state == RunState::kZombie) {
    const bool exited = (child.wait_status & 0x7f) == 0;
    info.code = exited ? kExited : kKilled;
    info.value = exited ? child.wait_status >> 8 : child.wait_status & 0x7f;
  } else {
    info.code = child.state == RunState::kStopped ? kStopped : kContinued;
    info.value = child.wait_status >> 8;
  }
  answer_waits(*parent);
  signals_.post(*parent, info);
}

kern_return_t ProcessServer::exception_raise(mach_port_t port, mach_port_t thread,
                                             mach_port_t task, int exception, int code,
                                             int subcode) {
  if (port != exception_port_) return KERN_FAILURE;
  Process* process = table_.find_by_task(task);
  // Nobody else would end it: refusing the exception ends its thread alone.
  if (process == nullptr) (void)task_terminate(task);
  main_space_.release(thread);
  main_space_.release(task);
  if (process == nullptr) return KERN_FAILURE;
  constexpr int kSystemCallVector = 0x80 * 8 + 2;  // the processor's error code for int $0x80
  if (exception == EXC_BAD_INSTRUCTION && code == EXC_I386_GPFLT && subcode == kSystemCallVector) {
    if (const auto number = signals_.refuse_call(*process)) count_unimplemented(*number);
    return KERN_SUCCESS;
  }
  constexpr int kMapError = 1, kAccessError = 2;  // SEGV_MAPERR, SEGV_ACCERR
  SignalInfo info{.code = kCodeKernel};
  switch (exception) {
    case EXC_BAD_ACCESS:
      info.signal = code == KERN_MEMORY_ERROR || code == KERN_MEMORY_FAILURE ? kSigBus : kSigSegv;
      info.code = code == KERN_INVALID_ADDRESS ? kMapError : kAccessError;
      info.address = static_cast<uint32_t>(subcode);
      break;
    case EXC_BAD_INSTRUCTION:
      // General protection faults are SIGSEGV on Linux, undefined instructions SIGILL.
      info.signal = code == 1 ? kSigIll : kSigSegv;
      break;
    case EXC_ARITHMETIC: info.signal = kSigFpe; break;
    case EXC_BREAKPOINT: info.signal = kSigTrap; break;
    default: info.signal = kSigSegv; break;
  }
  signals_.fault(*process, info);
  return KERN_SUCCESS;
}

int64_t ProcessServer::run_timers() {
  constexpr int64_t kPokeInterval = 10000;
  const int64_t now = now_us();
  int64_t next = -1;
  if (signals_.wants_poke()) signals_.poke_again();
  if (signals_.wants_poke()) next = kPokeInterval;
  table_.for_each([&](Process& p) {
    if (p.timer.deadline_us == 0 || !p.alive()) return;
    if (p.timer.deadline_us <= now) {
      p.timer.deadline_us = p.timer.interval_us != 0 ? now + p.timer.interval_us : 0;
      signals_.post(p, {.signal = kSigAlarm, .code = kCodeKernel});
    }
    if (p.timer.deadline_us == 0) return;
    const int64_t left = std::max<int64_t>(p.timer.deadline_us - now, 1);
    if (next < 0 || left < next) next = left;
  });
  return next;
}

SystemFigures ProcessServer::figures() const {
  SystemFigures f;
  f.boot_time = boot_time_us_ / 1000000;
  f.uptime = (now_us() - boot_time_us_) / 1000000;
  host_load_info load{};
  mach_msg_type_number_t count = HOST_LOAD_INFO_COUNT;
  if (host_info(mach_host_self(), HOST_LOAD_INFO, reinterpret_cast<host_info_t>(&load), &count) ==
      KERN_SUCCESS) {
    for (int i = 0; i < 3; ++i) f.loads[i] = static_cast<uint32_t>(load.avenrun[i]);
  }
  vm_statistics_data_t memory{};
  if (vm_statistics(mach_task_self(), &memory) == KERN_SUCCESS) {
    f.free_pages = memory.free_count;
    f.inactive_pages = memory.inactive_count;
  }
  host_basic_info basic{};
  count = HOST_BASIC_INFO_COUNT;
  if (host_info(mach_host_self(), HOST_BASIC_INFO, reinterpret_cast<host_info_t>(&basic),
                &count) == KERN_SUCCESS) {
    f.total_pages = basic.memory_size / 4096;
  }
  add_paging_space(f);
  return f;
}

// The default pager's figures; zeros when there is no default pager.
void ProcessServer::add_paging_space(SystemFigures& f) const {
  mach_port_t pager = MACH_PORT_NULL;
  if (vm_set_default_memory_manager(ports_.host, &pager) != KERN_SUCCESS) return;
  if (!MACH_PORT_VALID(pager)) return;
  vm_size_t total = 0;
  vm_size_t free = 0;
  if (default_pager_info(pager, &total, &free) == KERN_SUCCESS) {
    f.swap_pages = total / 4096;
    f.free_swap_pages = free / 4096;
  }
  mach_port_deallocate(mach_task_self(), pager);
}

std::string ProcessServer::mounts_text() const {
  char in_line[POSIX_IO_INLINE];
  char* data = in_line;
  mach_msg_type_number_t size = sizeof in_line;
  std::string text;
  if (fs_mounts(ports_.file_control, &data, &size) == KERN_SUCCESS) {
    text.assign(data, size);
    if (data != in_line) vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), size);
  }
  return text + "dev /dev devtmpfs rw 0 0\nproc /proc proc rw 0 0\n";
}

// What the name server tells; nothing when there is none to answer.
std::string ProcessServer::services_text() {
  vm_offset_t data = 0;
  mach_msg_type_number_t size = 0;
  std::string text;
  const mach_port_t services = server::registered_port(SERVICE_SLOT);
  const kern_return_t kr = service_list(services, &data, &size);
  mach_port_deallocate(mach_task_self(), services);
  if (kr != KERN_SUCCESS) return text;
  text.assign(reinterpret_cast<const char*>(data), size);
  vm_deallocate(mach_task_self(), data, size);
  return text;
}

std::string ProcessServer::unimplemented_text() const {
  std::string text;
  for (const auto& [number, count] : unimplemented_) text += std::format("{} {}\n", number, count);
  return text;
}

}  // namespace process
