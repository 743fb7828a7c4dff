// Starts the servers, says on the console what becomes of them, and starts them again.
//
// Four threads work here. The message thread (run) must never wait for a server: it is the one that
// hears that a server died. Programs on the file system are therefore loaded by the starter thread
// (start_servers); boot modules need nobody and may be started by either. The watcher (watch_check_ins)
// asks the name server who has checked in, and names on the console who has not. The usage watcher (watch_usage) makes
// servers that keep the processor to themselves share it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <mach/kern_return.h>
#include <mach/mach_types.h>

#include "servers/bootstrap/config.h"
#include "servers/bootstrap/program_source.h"
#include "servers/bootstrap/usage_judge.h"

namespace bootstrap {

inline constexpr const char* kNameServer = "name";

// The privileged ports that the kernel gave the bootstrap task.
struct PrivilegedPorts {
  mach_port_t host = MACH_PORT_NULL;
  mach_port_t device_master = MACH_PORT_NULL;
};

// What to do when the system cannot go on, after saying so.
enum class OnFailure { kStandStill, kPowerOff };

// One server of the configuration and its current task.
struct Server {
  ServerEntry entry;
  task_t task = MACH_PORT_NULL;
  std::string last_exception;  // what it did, for the message when its task has ended
  int starts = 0;
  int quick_deaths = 0;        // in a row
  long long started_at = 0;    // seconds
  bool watched = false;        // started, and not heard of since
  ServerUse use;               // of the processor
  uint64_t used_before = 0;    // microseconds until the last look
};

class Supervisor {
 public:
  Supervisor(PrivilegedPorts ports, BootModules modules, OnFailure on_failure);

  // Makes the ports every server needs. To be called once, first.
  kern_return_t initialize();

  // The starter thread: starts all servers in order, then those that have to be started again, for
  // ever. A server that cannot be started is named on the console; the others go on, unless it is required.
  [[noreturn]] void start_servers(std::vector<ServerEntry> entries);

  // The watcher thread: names each server that does not check in with the name server in time.
  [[noreturn]] void watch_check_ins();

  // The usage watcher thread: servers have a fixed priority, better than all programs, but must not loop at it.
  [[noreturn]] void watch_usage();

  // Serves notifications, exceptions and bootstrap requests for ever.
  [[noreturn]] void run();

  // Called by the message routines.
  kern_return_t on_exception(task_t task, int exception, int code, int subcode, unsigned eip);
  void on_task_death(mach_port_t task);
  // One of the name server's receive rights came back.
  void on_right_returned(mach_port_t right);
  void get_privileged_ports(mach_port_t* host, mach_port_t* device_master) const;

 private:
  kern_return_t start(Server& server);
  kern_return_t start_task(Server& server, const LoadedFile& file);
  void start_or_report(Server& server);
  kern_return_t load(const Server& server, LoadedFile* file);
  kern_return_t give_ports(Server& server, std::vector<std::string>* arguments);
  void restart(Server& server);
  static void report_death(const Server& server);
  static bool should_restart(Server& server);
  // The system cannot go on without that server: says so and stops.
  void give_up(const Server& server);
  void stop();
  bool list_services(std::string* list) const;
  void note_check_ins(bool answered, const std::string& list);
  void judge_usage(UsageJudge& judge, uint64_t elapsed);
  Server* find(task_t task);

  PrivilegedPorts ports_;
  BootModules modules_;
  OnFailure on_failure_;
  std::mutex mutex_;                               // guards the servers' fields and the queue
  std::condition_variable queue_filled_;
  std::condition_variable server_watched_;
  std::deque<Server*> to_start_;
  std::vector<std::unique_ptr<Server>> servers_;
  mach_port_t receive_set_ = MACH_PORT_NULL;
  mach_port_t bootstrap_port_ = MACH_PORT_NULL;  // the servers' bootstrap port
  mach_port_t exception_port_ = MACH_PORT_NULL;
  mach_port_t notify_port_ = MACH_PORT_NULL;
  // The name server's three receive rights: lent to its task, and back when that has let go of them, which is
  // after its task port has died. Send rights to them stay here.
  int lent_rights_ = 0;
  Server* waits_for_rights_ = nullptr;           // the dead name server, until all are back
  mach_port_t name_port_ = MACH_PORT_NULL;       // send right to the name server
  mach_port_t service_port_ = MACH_PORT_NULL;    // send right to its privileged port
  mach_port_t return_port_ = MACH_PORT_NULL;     // to where its services come back
};

}  // namespace bootstrap
