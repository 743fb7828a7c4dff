// Host: the ports that name the machine, its processor and its processor set (book chapters 8, 9).
#pragma once

#include "kernel/ipc/kernel_port.h"
#include "kernel/kern/sched_state.h"

namespace kern {

class Host {
 public:
  // Creates the ports; panics without memory (boot).
  static void init();

  // Send rights to: the host's name port (mach_host_self), its control port, the one processor's
  // control port, and the default processor set's control and name ports.
  static ipc::SendRight name_port();
  static ipc::SendRight control_port();
  static ipc::SendRight processor_port();
  static ipc::SendRight processor_set_port();
  static ipc::SendRight processor_set_name_port();
};

// The one processor set: every task and thread belongs to it.
struct ProcessorSet {
  int max_priority = kPriorityMaxUser;
  // Bits 1 << SchedPolicy... timesharing is always allowed.
  bool fixed_priority_enabled = true;

  static ProcessorSet& the();
};

inline constexpr char kKernelVersion[] = "Machina 1.0, a Mach 3 kernel for i386";

}  // namespace kern
