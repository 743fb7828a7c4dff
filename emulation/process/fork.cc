// fork, vfork, clone.
//
// The child task inherits all memory, the library's included, by copy on write; its one thread
// continues at emulation_fork_child on a copy of the parent's thread block and library stack.
#include <cerrno>

#include <mach.h>
#include <mach/thread_status.h>

#include "emulation/entry/calls.h"
#include "emulation/entry/thread_block.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/file_windows.h"
#include "emulation/files/names.h"
#include "emulation/files/pipe_readiness.h"
#include "emulation/mach/scoped_right.h"
#include "emulation/mach/traps.h"
#include "emulation/process/process_state.h"
#include "emulation/process/threads.h"
#include "libs/mach/process_user.h"

extern "C" void emulation_fork_child();

namespace emulation {
namespace {

constexpr uint32_t CLONE_VM = 0x100, CLONE_VFORK = 0x4000, CLONE_THREAD = 0x10000,
                   CLONE_SETTLS = 0x80000, CLONE_PARENT_SETTID = 0x100000,
                   CLONE_CHILD_CLEARTID = 0x200000, CLONE_CHILD_SETTID = 0x1000000;

// What the child does with its own registers and memory before it enters the program.
struct ChildSetup {
  uint32_t stack = 0;            // 0: as the parent's
  uint32_t set_tid = 0;          // addresses, 0: none
  uint32_t clear_tid = 0;
};
constinit ChildSetup child_setup{};

uint16_t current_gs() {
  uint16_t gs;
  asm("movw %%gs, %w0" : "=r"(gs));
  return gs;
}

int32_t start_state(mach_port_t thread) {
  i386_thread_state state{};
  state.eip = reinterpret_cast<uint32_t>(&emulation_fork_child);
  state.uesp = current_thread().stack_top;
  state.cs = I386_USER_CS;
  state.ds = state.es = state.ss = I386_USER_DS;
  state.fs = kThreadSelector;
  state.gs = current_gs();
  return error_from(thread_set_state(thread, i386_REGS_SEGS_STATE,
                                     reinterpret_cast<thread_state_t>(&state),
                                     i386_REGS_SEGS_STATE_COUNT));
}

// The child's FPU registers are the parent's.
void copy_float_state(mach_port_t thread) {
  i386_float_state state;
  mach_msg_type_number_t count = i386_FLOAT_STATE_COUNT;
  const kern_return_t kr =
      thread_get_state(current_thread().thread_port, i386_FLOAT_STATE,
                       reinterpret_cast<thread_state_t>(&state), &count);
  if (kr == KERN_SUCCESS && state.initialized != 0) {
    thread_set_state(thread, i386_FLOAT_STATE, reinterpret_cast<thread_state_t>(&state), count);
  }
}

// Fills the new task with rights, makes its thread and registers it. Returns the pid or -errno.
int32_t equip_child(mach_port_t task, int flags) {
  kern_return_t kr = descriptors.insert_rights(task);
  if (kr == KERN_SUCCESS) kr = directories.insert_rights(task);
  if (kr != KERN_SUCCESS) return error_from(kr);
  mach_port_t thread_port = MACH_PORT_NULL;
  kr = thread_create(task, &thread_port);
  if (kr != KERN_SUCCESS) return error_from(kr);
  const ScopedRight thread(thread_port);
  int32_t error = load_descriptors(thread_port, current_thread());
  if (error == 0) error = start_state(thread_port);
  if (error != 0) return error;
  copy_float_state(thread_port);
  int pid = 0;
  error = error_from(proc_fork(process_port(), task, thread_port, flags, &pid));
  return error != 0 ? error : pid;
}

int32_t fork_process(const ChildSetup& setup, int flags) {
  child_setup = setup;
  descriptors.share_with_child();
  mach_port_t task_port = MACH_PORT_NULL;
  int32_t result = error_from(syscall_task_create(mach_task_self(), TRUE, &task_port));
  if (result == 0) {
    const ScopedRight task(task_port);
    result = equip_child(task_port, flags);
    if (result < 0) task_terminate(task_port);
  }
  if (result < 0) descriptors.unshare_from_child();
  return result;
}

}  // namespace

extern "C" __attribute__((fastcall)) void emulation_child_start(ThreadBlock* block) {
  mach_task_self_ = (mach_task_self)();
  adopt_forked_thread(*block);
  process_state.threads = 1;
  descriptors.after_fork_in_child();
  file_windows.after_fork_in_child();
  pipe_readiness.after_fork_in_child();
  directories.forget_mounts();
  if (child_setup.stack != 0) block->user.esp = child_setup.stack;
  if (child_setup.set_tid != 0) (void)copy_out(child_setup.set_tid, block->tid);
  block->clear_child_tid = child_setup.clear_tid;
}

namespace calls {

int32_t fork(Registers&) { return fork_process({}, 0); }

// The parent waits until the child has called exec or exit: the server answers only then.
int32_t vfork(Registers&) { return fork_process({}, PROC_FORK_VFORK); }

// clone(flags, stack, parent_tid, tls, child_tid): processes only; memory is shared by copying.
int32_t clone(Registers& r) {
  if ((r.ebx & (CLONE_THREAD | CLONE_SETTLS)) != 0) return -ENOSYS;
  if ((r.ebx & CLONE_VM) != 0 && (r.ebx & CLONE_VFORK) == 0) return -ENOSYS;
  ChildSetup setup{.stack = r.ecx};
  if ((r.ebx & CLONE_CHILD_SETTID) != 0) setup.set_tid = r.edi;
  if ((r.ebx & CLONE_CHILD_CLEARTID) != 0) setup.clear_tid = r.edi;
  const int32_t pid = fork_process(setup, (r.ebx & CLONE_VFORK) != 0 ? PROC_FORK_VFORK : 0);
  if (pid > 0 && (r.ebx & CLONE_PARENT_SETTID) != 0) (void)copy_out(r.edx, pid);
  return pid;
}

}  // namespace calls
}  // namespace emulation
