// ReceivePoint: what threads can receive from, a port or a port set.
#pragma once

#include <cstdint>

#include "kernel/ipc/thread_ipc.h"
#include "kernel/kern/wait.h"
#include "libs/base/list.h"

namespace ipc {

using ThreadList = base::List<ThreadIpc, &ThreadIpc::link>;

// A thread whose wait is over but which has not been woken yet, so that the processor can be handed
// to it when its waker blocks. Woken at the latest when this goes out of scope.
class PendingWake {
 public:
  PendingWake() = default;
  PendingWake(const PendingWake&) = delete;
  PendingWake& operator=(const PendingWake&) = delete;
  ~PendingWake();

  void set(ThreadIpc& t) { thread_ = &t; }
  // The current thread, which has called prepare_wait(), blocks; the processor goes to the thread.
  kern::WaitResult block(kern::Deadline deadline);

 private:
  ThreadIpc* thread_ = nullptr;
};

class ReceivePoint {
 public:
  enum class Kind : uint8_t { kPort, kSet };

  ReceivePoint(const ReceivePoint&) = delete;
  ReceivePoint& operator=(const ReceivePoint&) = delete;

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool active() const { return active_; }
  // Threads that wait for a message here, longest waiting first. Nobody waits on a port that is in
  // a set, and nobody waits where a message is queued.
  [[nodiscard]] ThreadList& receivers() { return receivers_; }

 protected:
  explicit ReceivePoint(Kind kind) : kind_(kind) {}
  ~ReceivePoint() = default;

  // Ends the wait of every receiver with `result`.
  void wake_receivers(mach_msg_return_t result);

  bool active_ = true;

 private:
  const Kind kind_;
  ThreadList receivers_;
};

}  // namespace ipc
