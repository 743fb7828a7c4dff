// Waiting that a signal ends.
#pragma once

#include "emulation/entry/thread_block.h"

namespace emulation {

// While one of these exists, the RPC that this thread makes (one generated stub call) may be ended
// by a deliverable signal. In steps:
//   1. Nothing was sent yet: the stub answers MACH_SEND_INTERRUPTED.
//   2. The request is with the server: the library sends io_interrupt or proc_interrupt with the
//      cookie and goes on receiving; the server answers the request with EINTR, or with what it
//      had done by then. Nothing is lost either way.
class InterruptibleWait {
 public:
  InterruptibleWait(PendingWait::Kind kind, mach_port_t port, int cookie)
      : thread_(current_thread()) {
    thread_.wait = {.kind = kind, .interrupted = false, .port = port, .cookie = cookie};
  }
  InterruptibleWait(const InterruptibleWait&) = delete;
  InterruptibleWait& operator=(const InterruptibleWait&) = delete;
  ~InterruptibleWait() { thread_.wait.kind = PendingWait::Kind::kNone; }

 private:
  ThreadBlock& thread_;
};

// A cookie no other waiting call of this process uses: the thread's id.
inline int wait_cookie() { return current_thread().tid; }

// Waits on a port of our own that nobody sends to until a signal is deliverable or `milliseconds`
// have passed (kForever: no limit). Returns true when it was a signal.
inline constexpr unsigned kForever = ~0u;
bool wait_for_signal(unsigned milliseconds);

}  // namespace emulation
