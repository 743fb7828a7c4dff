#include "servers/file/fault_handler.h"

#include <mach.h>
#include <mach/exception.h>
#include <mach/thread_special_ports.h>
#include <mach/thread_status.h>

#include <cerrno>

#include "servers/file/mapped_copy.h"

namespace file {
namespace {

// Sends a thread that stopped in mapped_copy() to its failing end.
bool redirect(mach_port_t thread) {
  i386_thread_state state = {};
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  auto* words = reinterpret_cast<thread_state_t>(&state);
  if (thread_get_state(thread, i386_REGS_SEGS_STATE, words, &count) != KERN_SUCCESS) return false;
  if (!is_in_mapped_copy(static_cast<uint32_t>(state.eip))) return false;
  state.eip = static_cast<decltype(state.eip)>(mapped_copy_failure());
  return thread_set_state(thread, i386_REGS_SEGS_STATE, words, count) == KERN_SUCCESS;
}

}  // namespace

base::Status FaultHandler::start(mach_port_t set) {
  kern_return_t code = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port_);
  if (code != KERN_SUCCESS) return base::Error(ENFILE);
  code = mach_port_insert_right(mach_task_self(), port_, port_, MACH_MSG_TYPE_MAKE_SEND);
  if (code == KERN_SUCCESS) code = mach_port_move_member(mach_task_self(), port_, set);
  if (code != KERN_SUCCESS) return base::Error(ENFILE);
  return {};
}

void FaultHandler::watch_this_thread() {
  const mach_port_t self = mach_thread_self();
  (void)thread_set_special_port(self, THREAD_EXCEPTION_PORT, port_);
  (void)mach_port_deallocate(mach_task_self(), self);
}

kern_return_t FaultHandler::exception_raise(mach_port_t, mach_port_t thread, mach_port_t task,
                                            int exception, int, int) {
  if (exception != EXC_BAD_ACCESS || !redirect(thread)) return KERN_FAILURE;
  (void)mach_port_deallocate(mach_task_self(), thread);
  (void)mach_port_deallocate(mach_task_self(), task);
  return KERN_SUCCESS;
}

}  // namespace file
