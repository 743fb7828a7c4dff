// mach_msg and the reply ports, as generated stubs call them.
#include <mach/message.h>

#include "emulation/entry/thread_block.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/traps.h"
#include "libs/mach/io_user.h"
#include "libs/mach/process_user.h"
#include "libs/mach/src/spoiled_port.h"

namespace emulation {
namespace {

// Step 2 of interruptible.h: tells the server that the wait is over.
void send_interrupt(PendingWait& wait) {
  const PendingWait::Kind kind = wait.kind;
  wait.kind = PendingWait::Kind::kNone;  // the message itself is not to be interrupted
  wait.interrupted = true;
  if (kind == PendingWait::Kind::kIo) io_interrupt(wait.port, wait.cookie);
  if (kind == PendingWait::Kind::kProcess) proc_interrupt(wait.port, wait.cookie);
}

}  // namespace

bool wait_for_signal(unsigned milliseconds) {
  ThreadBlock& thread = current_thread();
  mach_port_t port = thread.reply_port;  // nobody answers on it outside an RPC
  if (port == MACH_PORT_NULL) port = thread.reply_port = mach_reply_port();
  mach_msg_header_t message{};
  const mach_msg_option_t option =
      MACH_RCV_MSG | (milliseconds == kForever ? 0 : MACH_RCV_TIMEOUT);
  const mach_msg_return_t result = emulation_interruptible_msg_trap(
      &message, option, 0, sizeof message, port, milliseconds, MACH_PORT_NULL);
  return result != MACH_RCV_TIMED_OUT;
}

}  // namespace emulation

using emulation::PendingWait;

extern "C" {

mach_msg_return_t mach_msg(mach_msg_header_t* message, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t receive_size,
                           mach_port_t receive_name, mach_msg_timeout_t timeout,
                           mach_port_t notify) {
  PendingWait& wait = emulation::current_thread().wait;
  mach_msg_return_t result;
  if (wait.kind == PendingWait::Kind::kNone) [[likely]] {
    result = emulation_mach_msg_trap(message, option, send_size, receive_size, receive_name,
                                     timeout, notify);
  } else {
    result = emulation_interruptible_msg_trap(message, option, send_size, receive_size,
                                              receive_name, timeout, notify);
    if (result == MACH_SEND_INTERRUPTED) {
      // The stub gives its reply port back by a message, which is not to be interrupted again.
      wait.kind = PendingWait::Kind::kNone;
      return result;
    }
    if (result == MACH_RCV_INTERRUPTED) emulation::send_interrupt(wait);
  }
  while (result == MACH_SEND_INTERRUPTED) [[unlikely]] {
    result = emulation_mach_msg_trap(message, option, send_size, receive_size, receive_name,
                                     timeout, notify);
  }
  while (result == MACH_RCV_INTERRUPTED) [[unlikely]] {
    result = emulation_mach_msg_trap(message, option & ~MACH_SEND_MSG, 0, receive_size,
                                     receive_name, timeout, notify);
  }
  return result;
}

mach_port_t mig_get_reply_port() {
  emulation::ThreadBlock& thread = emulation::current_thread();
  if (thread.reply_port == MACH_PORT_NULL) [[unlikely]] thread.reply_port = mach_reply_port();
  return thread.reply_port;
}

void mig_put_reply_port(mach_port_t) {}

// The stub found the port unusable: the next call gets a fresh one, so that an answer which comes
// too late cannot be taken for another call's.
void mig_dealloc_reply_port(mach_port_t port) {
  emulation::current_thread().reply_port = MACH_PORT_NULL;
  mig_destroy_spoiled_port(port);
}
}
