// ProcessServer: the process protocol, and everything of the server put together.
//
// Threads: the message thread serves processes, /dev, pipes and exceptions; a second message thread
// serves /proc; the console thread waits for input; the timer thread waits for deadlines; the pager
// thread answers faults on process pages and takes no lock. All others work under the tree lock.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libs/mach/process_server.h"
#include "libs/server/fs_server.h"
#include "libs/server/mach_port_space.h"
#include "servers/process/dev_tree.h"
#include "servers/process/exc_server.h"
#include "servers/process/mach_task_control.h"
#include "servers/process/pipe.h"
#include "servers/process/proc_tree.h"
#include "servers/process/process_pages.h"
#include "servers/process/process_table.h"
#include "servers/process/signals.h"

namespace process {

// Numbers of the mounted trees, for fs_set_mount and proc_get_root.
enum MountNumber : int { kRootMount = 0, kDevMount = 1, kProcMount = 2 };

struct ServerPorts {
  mach_port_t host = MACH_PORT_NULL;           // privileged
  mach_port_t device_master = MACH_PORT_NULL;
  mach_port_t file_control = MACH_PORT_NULL;   // control port of the file server
};

class ProcessServer final : public ProcessInterface, public ExcInterface {
 public:
  ProcessServer(const ServerPorts& ports, mach_port_t main_set, mach_port_t proc_set,
                mach_port_t dev_control, mach_port_t proc_control,
                const emulation_header& library);

  server::Mutex& lock() { return lock_; }
  server::FsServer& dev_server() { return dev_; }
  server::FsServer& proc_server() { return proc_; }
  DevTree& dev_tree() { return dev_tree_; }
  Signals& signals() { return signals_; }
  ProcessTable& table() { return table_; }
  ProcessPages& pages() { return pages_; }
  // Tells the file server of /dev and /proc, unless it knows them.
  void mount_trees();
  // After the pages are started: pipes show in one of them what they are ready for.
  void show_pipes();
  const ServerPorts& ports() const { return ports_; }

  // Gives a fresh task everything a process needs: port, page, exception port, notifications.
  // EAGAIN, ENOMEM. The rights are taken over on success.
  base::Result<Process*> adopt_task(Process* parent, mach_port_t task, mach_port_t thread);
  // Sets up a terminal's job control hooks and its name in /dev.
  void add_terminal(const std::string& name, Terminal& terminal);
  void add_disk(const std::string& name, uint32_t device) { dev_tree_.add_disk(name, device); }
  // Makes it the controlling terminal of a session leader. EPERM.
  base::Status set_terminal(Process& process, Terminal& terminal);

  // Ends a process: terminates its task, tells its parent.
  void end_process(Process& process, int status);
  // A task died by itself.
  void task_died(mach_port_t task);
  // From the kernel. KERN_SUCCESS: the thread goes on as its state says, or its task is gone.
  kern_return_t exception_raise(mach_port_t port, mach_port_t thread, mach_port_t task,
                                int exception, int code, int subcode) override;

  // Timers: does what is due; returns microseconds until the next thing, or -1.
  int64_t run_timers();

  kern_return_t proc_fork(mach_port_t, mach_port_t child, mach_port_t thread, int flags,
                          int* pid) override;
  kern_return_t proc_exec(mach_port_t, const char* name, mach_msg_type_number_t nameCnt,
                          const char* arguments, mach_msg_type_number_t argumentsCnt,
                          mach_port_t file, boolean_t set_ids, boolean_t* secure) override;
  kern_return_t proc_exit(mach_port_t, int status) override;
  kern_return_t proc_wait(mach_port_t, int which, int options, int cookie, int* pid, int* status,
                          int* rusage, mach_msg_type_number_t* rusageCnt) override;
  kern_return_t proc_interrupt(mach_port_t, int cookie) override;
  kern_return_t proc_kill(mach_port_t, int pid, int thread, int signal, int code,
                          int value) override;
  kern_return_t proc_stop(mach_port_t, int signal) override;
  kern_return_t proc_take_signal(mach_port_t, int mask_low, int mask_high, int* info,
                                 mach_msg_type_number_t* infoCnt) override;
  kern_return_t proc_interrupted_state(mach_port_t, int mask_low, int mask_high, int* state,
                                       mach_msg_type_number_t* stateCnt, int* info,
                                       mach_msg_type_number_t* infoCnt) override;
  kern_return_t proc_setpgid(mach_port_t, int pid, int pgid) override;
  kern_return_t proc_getpgid(mach_port_t, int pid, int* pgid) override;
  kern_return_t proc_setsid(mach_port_t, int* sid) override;
  kern_return_t proc_getsid(mach_port_t, int pid, int* sid) override;
  kern_return_t proc_setresuid(mach_port_t, int ruid, int euid, int suid) override;
  kern_return_t proc_setresgid(mach_port_t, int rgid, int egid, int sgid) override;
  kern_return_t proc_getids(mach_port_t, int* ids, mach_msg_type_number_t* idsCnt) override;
  kern_return_t proc_setgroups(mach_port_t, const int* groups,
                               mach_msg_type_number_t groupsCnt) override;
  kern_return_t proc_get_root(mach_port_t, int mount, mach_port_t* root) override;
  kern_return_t proc_pipe(mach_port_t, mach_port_t* read_end, mach_port_t* write_end,
                          int* read_slot, int* write_slot) override;
  kern_return_t proc_pipe_slots(mach_port_t) override;
  kern_return_t proc_open_special(mach_port_t, mach_port_t file, int flags, int cookie,
                                  mach_port_t* io, int* kind) override;
  kern_return_t proc_terminal(mach_port_t, mach_port_t io, int operation) override;
  kern_return_t proc_setitimer(mach_port_t, const long long& value, const long long& interval,
                               long long* old_value, long long* old_interval) override;
  kern_return_t proc_getrusage(mach_port_t, int who, int* rusage,
                               mach_msg_type_number_t* rusageCnt) override;
  kern_return_t proc_getpriority(mach_port_t, int which, int who, int* nice) override;
  kern_return_t proc_setpriority(mach_port_t, int which, int who, int nice) override;
  kern_return_t proc_gethostname(mach_port_t, char* name, mach_msg_type_number_t* nameCnt) override;
  kern_return_t proc_sethostname(mach_port_t, const char* name,
                                 mach_msg_type_number_t nameCnt) override;
  kern_return_t proc_mount(mach_port_t, const char* source, mach_msg_type_number_t sourceCnt,
                           const char* target, mach_msg_type_number_t targetCnt, const char* type,
                           mach_msg_type_number_t typeCnt, int flags) override;
  kern_return_t proc_umount(mach_port_t, const char* target, mach_msg_type_number_t targetCnt,
                            int flags) override;
  kern_return_t proc_sync(mach_port_t) override;
  kern_return_t proc_set_swap(mach_port_t, const char* path, mach_msg_type_number_t pathCnt,
                              mach_port_t file, boolean_t on) override;
  kern_return_t proc_reboot(mach_port_t, int command) override;
  kern_return_t proc_unimplemented(mach_port_t, int number) override;
  kern_return_t proc_settime(mach_port_t, const long long& seconds, int microseconds) override;
  kern_return_t proc_sysinfo(mach_port_t, int* info, mach_msg_type_number_t* infoCnt) override;
  kern_return_t proc_new_thread(mach_port_t, mach_port_t thread, int* tid) override;
  kern_return_t proc_exit_thread(mach_port_t, int tid) override;

 private:
  // A fifo on a disk, by device and inode number.
  struct Fifo {
    base::Ref<Pipe> pipe;
  };
  // A fifo open that waits for the other side.
  struct PendingOpen {
    mach_port_t reply;
    mach_port_t process;
    int cookie;
    int flags;
    base::Ref<Pipe> pipe;
    base::Ref<PipeEnd> end;
  };

  void take_signal(Process& process, int mask_low, int mask_high, int* info,
                   mach_msg_type_number_t* count);
  Process* caller(mach_port_t port) { return table_.find_by_port(port); }
  void child_changed(Process& child);
  void answer_waits(Process& parent);
  void answer_fifo_opens();
  void answer_vfork(Process& child);
  void publish(Process& process);
  void publish_foreground(Terminal& terminal);
  void release_rights(Process& process);
  base::Result<io_stat_t> attributes_of(mach_port_t file);
  kern_return_t open_object(base::Ref<server::OpenObject> object, mach_port_t* io, int* kind);
  kern_return_t open_fifo(mach_port_t process, const io_stat_t& attributes, int flags, int cookie,
                          mach_port_t* io, int* kind);
  void fill_rusage(CpuTime used, int* rusage, mach_msg_type_number_t* count) const;
  void count_unimplemented(int number);
  SystemFigures figures() const;
  void add_paging_space(SystemFigures& f) const;
  std::string mounts_text() const;
  static std::string services_text();
  std::string swaps_text() const;
  kern_return_t set_swap(const std::string& path, mach_port_t file, bool on);
  std::string unimplemented_text() const;
  base::Result<Process*> priority_target(mach_port_t port, int which, int who);
  template <typename Change>
  kern_return_t change_ids(mach_port_t port, Change change);

  ServerPorts ports_;
  server::Mutex lock_;
  server::MachPortSpace main_space_;
  server::MachPortSpace proc_space_;
  const emulation_header& library_;
  ProcessTable table_;
  MachTaskControl control_;
  Signals signals_;
  ProcessPages pages_;
  PipeSlots pipe_slots_;
  DevTree dev_tree_;
  ProcTree proc_tree_;
  server::FsServer dev_;
  server::FsServer proc_;
  mach_port_t exception_port_ = MACH_PORT_NULL;
  mach_port_t notify_port_ = MACH_PORT_NULL;
  mach_port_t file_root_ = MACH_PORT_NULL;  // of the file server that knows our trees
  std::map<std::pair<uint64_t, uint64_t>, Fifo> fifos_;
  std::list<PendingOpen> pending_opens_;
  std::map<int, unsigned> unimplemented_;
  std::string hostname_ = "machina";
  int64_t boot_time_us_;
};

}  // namespace process
