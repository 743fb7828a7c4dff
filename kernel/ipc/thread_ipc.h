// ThreadIpc: what a thread keeps for the message system.
#pragma once

#include <mach/message.h>

#include "kernel/ipc/entry.h"
#include "libs/base/list.h"

namespace kern {
class Thread;
}

namespace ipc {

class Message;
class Port;

// Denotes nothing.
inline Entry no_entry = {.name = MACH_PORT_DEAD};

// Embedded in kern::Thread as `ipc`. While the thread waits, whoever completes the wait fills in
// `result` and `message`, takes the thread off its list and wakes it; a wait that ends otherwise
// (time out, abort) is recognized by `link` still being linked.
struct ThreadIpc {
  explicit ThreadIpc(kern::Thread& t) : thread(t) {}
  ThreadIpc(const ThreadIpc&) = delete;
  ThreadIpc& operator=(const ThreadIpc&) = delete;
  // Kills the reply port of kernel_rpc(). The thread must not be waiting.
  ~ThreadIpc();

  kern::Thread& thread;
  // On the receivers of a port or set, or on the blocked senders of a port.
  base::ListLink link;

  // Receiving: the message that was handed over. Sending: the message that waits for room.
  Message* message = nullptr;
  mach_msg_return_t result = MACH_MSG_SUCCESS;
  // Receiving: largest message taken; with MACH_RCV_TOO_LARGE, the size of the one left queued.
  mach_msg_size_t receive_size = 0;
  // Receiving: the options that matter to whoever has a message; see ReceiveLimits.
  mach_msg_option_t receive_option = 0;
  // Receiving: the largest message that a sender may hand over straight, its header in this thread's
  // names, by switching to this thread (mach_msg_fast.cc). 0 for waits of other kinds, and when
  // the wait has been ended by somebody else but the thread has not run yet.
  mach_msg_size_t straight_size = 0;
  // The message handed over like that, in a medium block.
  Message* straight_message = nullptr;

  // Where the task's name table had the names of the last straight message sent and of the port
  // received from: the same slots as a rule. Checked at each use; slots last as long as the task.
  Entry* remote_entry = &no_entry;
  Entry* receive_entry = &no_entry;

  // What the thread has sent and received.
  uint32_t messages_sent = 0;
  uint32_t messages_received = 0;

  // Receives the answers to kernel_rpc(); created on first use, owned.
  Port* kernel_reply_port = nullptr;
  // Messages this thread is destroying (see Message::destroy); null when none.
  void* reaper = nullptr;
};

}  // namespace ipc
