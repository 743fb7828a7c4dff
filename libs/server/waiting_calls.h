// WaitingCalls: io calls that could not be answered yet.
#pragma once

#include <mach/port.h>

#include <cstdint>
#include <list>
#include <vector>

#include "libs/base/ref.h"
#include "libs/server/lock_table.h"
#include "libs/server/open_object.h"
#include "libs/server/port_space.h"

namespace server {

// A client's call, with all that is needed to try it again.
struct WaitingCall {
  enum class Kind { kRead, kWrite, kIoctl, kLock };

  Kind kind;
  base::Ref<OpenObject> object;
  mach_port_t reply;
  int cookie;
  int64_t position = 0;
  size_t amount = 0;             // kRead
  bool append = false;           // kWrite
  std::vector<uint8_t> data = {};  // kWrite, kIoctl
  size_t done = 0;               // kWrite: how much of data the object has taken
  uint32_t request = 0;          // kIoctl
  uint32_t argument = 0;
  RecordLock lock = {};          // kLock
};

// What an io_select asked for.
struct WaitingSelect {
  base::Ref<OpenObject> object;
  mach_port_t reply;
  int events;
  int id;
};

// The calls of one service in order of arrival. Answers go out through mach_msg. Under the tree
// lock.
class WaitingCalls {
 public:
  // Bounds what one object's clients can make the server keep; beyond it the oldest is dropped.
  static constexpr size_t kMaxSelectsPerObject = 64;

  WaitingCalls(PortSpace& ports, LockTable& locks) : ports_(ports), locks_(locks) {}
  WaitingCalls(const WaitingCalls&) = delete;
  WaitingCalls& operator=(const WaitingCalls&) = delete;
  ~WaitingCalls();

  void add(WaitingCall call);
  void add_select(WaitingSelect select);

  // Tries the object's calls again, the oldest first, and answers selects that are satisfied.
  void retry(OpenObject& object);
  // Tries the lock calls on a node again.
  void retry_locks(const Node& node);
  // Answers the call with EINTR, or with what a write got done; forgets a select with that id.
  void interrupt(OpenObject& object, int cookie);
  // Forgets everything of an object that has no clients any more.
  void drop(OpenObject& object);

  [[nodiscard]] bool empty() const { return calls_.empty() && selects_.empty(); }

 private:
  static constexpr size_t kSpare = 16;

  // Takes one out of its list; the next one.
  std::list<WaitingCall>::iterator remove(std::list<WaitingCall>::iterator at);
  std::list<WaitingSelect>::iterator remove(std::list<WaitingSelect>::iterator at);
  enum class Outcome { kAnswered, kStillWaiting };
  Outcome attempt(WaitingCall& call);
  Outcome attempt_alone(WaitingCall& call);
  Outcome attempt_read(WaitingCall& call);
  Outcome attempt_write(WaitingCall& call);
  Outcome attempt_ioctl(WaitingCall& call);
  Outcome attempt_lock(WaitingCall& call);
  void fail(WaitingCall& call, int error);

  PortSpace& ports_;
  LockTable& locks_;
  std::list<WaitingCall> calls_;
  std::list<WaitingCall> spare_;  // empty ones, at most kSpare: a call that waits often needs no new memory
  std::list<WaitingSelect> selects_;
};

}  // namespace server
