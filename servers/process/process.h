// Process: what the server knows of one POSIX process.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include <mach/port.h>
#include <servers/process_page.h>

namespace process {

class Terminal;

inline constexpr int kSignalCount = 64;

// A set of signals: bit n-1 is signal n.
using SignalMask = uint64_t;
constexpr SignalMask bit_of(int signal) { return SignalMask{1} << (signal - 1); }

// What siginfo_t says of a posted signal.
struct SignalInfo {
  int32_t signal = 0;
  int32_t code = 0;
  int32_t pid = 0;
  uint32_t uid = 0;
  int32_t value = 0;
  uint32_t address = 0;
};

// User and system time; seconds and microseconds, as struct rusage begins.
struct CpuTime {
  int64_t user_us = 0;
  int64_t system_us = 0;
  CpuTime& operator+=(const CpuTime& o) {
    user_us += o.user_us;
    system_us += o.system_us;
    return *this;
  }
};

struct Identity {
  uint32_t uid = 0, euid = 0, suid = 0;
  uint32_t gid = 0, egid = 0, sgid = 0;
  std::vector<uint32_t> groups;
};

// A proc_wait that could not be answered yet.
struct PendingWait {
  mach_port_t reply;
  int cookie;
  int which;
  int options;
};

struct RealTimer {
  int64_t deadline_us = 0;  // 0: not running
  int64_t interval_us = 0;
};

enum class RunState : uint8_t {
  kRunning,
  kStopped,  // suspended by a job-control signal
  kZombie,   // ended, not yet waited for
};

struct Process {
  int pid = 0;
  int pgid = 0;
  int sid = 0;
  Process* parent = nullptr;
  std::list<Process*> children;
  RunState state = RunState::kRunning;

  // Rights. The task's and thread's are send rights; the process port's receive right is ours.
  mach_port_t task = MACH_PORT_NULL;
  mach_port_t thread = MACH_PORT_NULL;
  mach_port_t port = MACH_PORT_NULL;

  process_page* page = nullptr;  // shared with the process; never trusted

  Identity identity;
  std::string command;
  std::string arguments;  // with zeros between them
  int nice = 0;
  int64_t started_us = 0;
  bool has_executed = false;  // setpgid by the parent is over

  SignalMask pending = 0;
  std::array<SignalInfo, kSignalCount> info{};
  // The registers of a diverted thread, until proc_interrupted_state fetches them; empty: none.
  std::vector<int> interrupted_state;
  // Poked while it was in the library but not waiting: look again soon.
  bool poke_again = false;

  Terminal* terminal = nullptr;  // controlling terminal
  std::list<PendingWait> waits;
  mach_port_t vfork_reply = MACH_PORT_NULL;  // answered when this child executes or ends
  mach_port_t stop_reply = MACH_PORT_NULL;   // of proc_stop: answered when continued
  RealTimer timer;

  int wait_status = 0;         // of a zombie, or of a stop or continuation not yet reported
  bool report_stop = false;
  bool report_continue = false;
  CpuTime used;                // of a zombie
  CpuTime children_used;

  [[nodiscard]] bool alive() const { return state != RunState::kZombie; }
};

// Wait statuses as <sys/wait.h> takes them apart.
constexpr int status_of_exit(int code) { return (code & 0xff) << 8; }
constexpr int status_of_signal(int signal) { return signal & 0x7f; }
constexpr int status_of_stop(int signal) { return signal << 8 | 0x7f; }
inline constexpr int kStatusContinued = 0xffff;

}  // namespace process
