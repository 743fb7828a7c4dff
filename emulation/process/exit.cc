#include "emulation/process/exit.h"

#include <mach.h>
#include <mach/thread_switch.h>

#include "emulation/entry/calls.h"
#include "emulation/entry/thread_block.h"
#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/process/threads.h"
#include "emulation/files/descriptor_table.h"
#include "libs/mach/process_user.h"

namespace emulation {
namespace {

[[noreturn]] void end_with_status(int status) {
  descriptors.close_all();
  proc_exit(process_port(), status);
  // The server terminates the task. Should it be gone, nobody else would.
  for (int patience = 0; patience < 100; ++patience) {
    thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 100);
  }
  task_terminate(mach_task_self());
  __builtin_unreachable();
}

}  // namespace

void end_process(int code) { end_with_status((code & 0xff) << 8); }
void end_process_by_signal(int signal) { end_with_status(signal & 0x7f); }

namespace calls {

int32_t exit_group(Registers& r) { end_process(static_cast<int>(r.ebx)); }

// exit ends one thread; the last one ends the process.
int32_t exit(Registers& r) {
  leave_thread();
  end_process(static_cast<int>(r.ebx));
}

}  // namespace calls
}  // namespace emulation
