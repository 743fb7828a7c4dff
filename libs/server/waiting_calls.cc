#include "libs/server/waiting_calls.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "libs/mach/io_server.h"
#include "libs/server/io_ready.h"
#include "libs/server/reply_buffer.h"

namespace server {
namespace {

kern_return_t code_of(int error) { return error == 0 ? KERN_SUCCESS : POSIX_ERROR(error); }

}  // namespace

WaitingCalls::~WaitingCalls() {
  for (const WaitingCall& call : calls_) ports_.release(call.reply);
  for (const WaitingSelect& select : selects_) ports_.release(select.reply);
}

void WaitingCalls::add(WaitingCall call) {
  call.object->count_waiters(1);
  if (spare_.empty()) {
    calls_.push_back(std::move(call));
  } else {
    spare_.front() = std::move(call);
    calls_.splice(calls_.end(), spare_, spare_.begin());
  }
}

void WaitingCalls::add_select(WaitingSelect select) {
  const auto same = [&](const WaitingSelect& s) { return s.object == select.object; };
  if (std::ranges::count_if(selects_, same) >= static_cast<ptrdiff_t>(kMaxSelectsPerObject)) {
    const auto oldest = std::ranges::find_if(selects_, same);
    ports_.release(oldest->reply);
    remove(oldest);
  }
  select.object->count_waiters(1);
  selects_.push_back(std::move(select));
}

std::list<WaitingCall>::iterator WaitingCalls::remove(std::list<WaitingCall>::iterator at) {
  at->object->count_waiters(-1);
  const auto next = std::next(at);
  if (spare_.size() >= kSpare) return calls_.erase(at);
  spare_.splice(spare_.end(), calls_, at);
  at->object = nullptr;
  at->data = {};
  return next;
}

std::list<WaitingSelect>::iterator WaitingCalls::remove(std::list<WaitingSelect>::iterator at) {
  at->object->count_waiters(-1);
  return selects_.erase(at);
}

void WaitingCalls::retry(OpenObject& object) {
  for (auto at = calls_.begin(); at != calls_.end();) {
    const bool over = at->object == &object && attempt_alone(*at) == Outcome::kAnswered;
    at = over ? remove(at) : std::next(at);
  }
  for (auto at = selects_.begin(); at != selects_.end();) {
    const int ready = at->object == &object ? object.poll(at->events) : 0;
    if (ready != 0) send_io_ready(at->reply, ready, at->id);
    at = ready != 0 ? remove(at) : std::next(at);
  }
}

void WaitingCalls::retry_locks(const Node& node) {
  for (auto at = calls_.begin(); at != calls_.end();) {
    const bool concerned = at->kind == WaitingCall::Kind::kLock && at->object->node() == &node;
    const bool over = concerned && attempt(*at) == Outcome::kAnswered;
    at = over ? remove(at) : std::next(at);
  }
}

void WaitingCalls::interrupt(OpenObject& object, int cookie) {
  for (auto at = calls_.begin(); at != calls_.end(); ++at) {
    if (!(at->object == &object) || at->cookie != cookie) continue;
    if (at->kind == WaitingCall::Kind::kWrite && at->done != 0) {
      IoInterface::reply_io_write(at->reply, KERN_SUCCESS, static_cast<int>(at->done),
                                  at->position);
    } else {
      fail(*at, EINTR);
    }
    remove(at);
    return;
  }
  for (auto at = selects_.begin(); at != selects_.end(); ++at) {
    if (!(at->object == &object) || at->id != cookie) continue;
    ports_.release(at->reply);
    remove(at);
    return;
  }
}

void WaitingCalls::drop(OpenObject& object) {
  if (!object.has_waiters()) return;
  const auto drop_from = [&](auto& list) {
    for (auto at = list.begin(); at != list.end();) {
      const bool gone = at->object == &object;
      if (gone) ports_.release(at->reply);
      at = gone ? remove(at) : std::next(at);
    }
  };
  drop_from(calls_);
  drop_from(selects_);
}

void WaitingCalls::fail(WaitingCall& call, int error) {
  switch (call.kind) {
    case WaitingCall::Kind::kRead:
      IoInterface::reply_io_read(call.reply, code_of(error), nullptr, 0);
      break;
    case WaitingCall::Kind::kWrite:
      IoInterface::reply_io_write(call.reply, code_of(error), 0, 0);
      break;
    case WaitingCall::Kind::kIoctl:
      IoInterface::reply_io_ioctl(call.reply, code_of(error), 0, nullptr, 0);
      break;
    case WaitingCall::Kind::kLock:
      IoInterface::reply_io_lock(call.reply, code_of(error), 0, 0, 0, 0);
      break;
  }
}

// What the attempt itself changes makes the object ready for other calls only.
WaitingCalls::Outcome WaitingCalls::attempt_alone(WaitingCall& call) {
  call.object->count_waiters(-1);
  const Outcome outcome = attempt(call);
  call.object->count_waiters(1);
  return outcome;
}

WaitingCalls::Outcome WaitingCalls::attempt(WaitingCall& call) {
  // A client that died must not take what the next one waits for.
  if (ports_.is_dead(call.reply)) {
    ports_.release(call.reply);
    return Outcome::kAnswered;
  }
  switch (call.kind) {
    case WaitingCall::Kind::kRead: return attempt_read(call);
    case WaitingCall::Kind::kWrite: return attempt_write(call);
    case WaitingCall::Kind::kIoctl: return attempt_ioctl(call);
    case WaitingCall::Kind::kLock: return attempt_lock(call);
  }
  return Outcome::kStillWaiting;
}

WaitingCalls::Outcome WaitingCalls::attempt_read(WaitingCall& call) {
  char in_line[POSIX_IO_INLINE];
  auto buffer = ReplyBuffer::make(in_line, call.object->readable(call.amount));
  if (!buffer.ok()) {
    fail(call, buffer.code());
    return Outcome::kAnswered;
  }
  const auto got = call.object->read(call.position, buffer->bytes());
  if (!got.ok()) {
    if (got.code() == EAGAIN) return Outcome::kStillWaiting;
    fail(call, got.code());
    return Outcome::kAnswered;
  }
  IoInterface::reply_io_read(call.reply, KERN_SUCCESS, buffer->release(got.value()),
                             static_cast<mach_msg_type_number_t>(got.value()));
  return Outcome::kAnswered;
}

// A write that waits is over when all data is taken, not when some is.
WaitingCalls::Outcome WaitingCalls::attempt_write(WaitingCall& call) {
  while (call.done < call.data.size()) {
    const auto rest = std::span<const uint8_t>(call.data).subspan(call.done);
    const auto taken = call.object->write(call.position, call.append, rest, &call.position);
    if (taken.ok()) {
      call.done += taken.value();
      continue;
    }
    if (taken.code() == EAGAIN) return Outcome::kStillWaiting;
    if (call.done == 0) {
      fail(call, taken.code());
      return Outcome::kAnswered;
    }
    break;
  }
  IoInterface::reply_io_write(call.reply, KERN_SUCCESS, static_cast<int>(call.done),
                              call.position);
  return Outcome::kAnswered;
}

WaitingCalls::Outcome WaitingCalls::attempt_ioctl(WaitingCall& call) {
  const auto result = call.object->ioctl({call.request, call.argument, call.data});
  if (!result.ok()) {
    if (result.code() == EAGAIN) return Outcome::kStillWaiting;
    fail(call, result.code());
    return Outcome::kAnswered;
  }
  const auto& data = result.value().data;
  IoInterface::reply_io_ioctl(call.reply, KERN_SUCCESS, result.value().value,
                              reinterpret_cast<const char*>(data.data()),
                              static_cast<mach_msg_type_number_t>(data.size()));
  return Outcome::kAnswered;
}

WaitingCalls::Outcome WaitingCalls::attempt_lock(WaitingCall& call) {
  Node& node = *call.object->node();
  if (locks_.conflict(node, call.lock)) return Outcome::kStillWaiting;
  locks_.set(node, call.lock);
  const int64_t length = call.lock.end == INT64_MAX ? 0 : call.lock.end - call.lock.start;
  IoInterface::reply_io_lock(call.reply, KERN_SUCCESS, call.lock.type, call.lock.start, length, 0);
  return Outcome::kAnswered;
}

}  // namespace server
