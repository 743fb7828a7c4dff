// In two steps: first every object is asked what is ready now (io_poll). When nothing is, all are
// asked to send a message to one port of ours when that changes (io_select), and we wait for it.
// The port is destroyed afterwards, which makes the servers forget what is outstanding.
#include "emulation/files/readiness.h"

#include <cerrno>

#include "emulation/entry/thread_block.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/pipe_readiness.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/time/clock.h"
#include "libs/mach/io_user.h"
#include <mach.h>

namespace emulation {
namespace {

using namespace linux_abi;

constexpr int16_t kAlways = POLLERR | POLLHUP;

// `shown`: a pipe that was not asked, if there is one.
int32_t look_at_all(Interest* interests, uint32_t count, const OpenFile** shown) {
  int32_t ready = 0;
  for (uint32_t i = 0; i < count; ++i) {
    Interest& interest = interests[i];
    interest.ready = 0;
    if (interest.fd < 0) continue;
    OpenFile* file = descriptors.get_io(interest.fd);
    if (file == nullptr) {
      interest.ready = POLLNVAL;
    } else if (file->kind == IO_KIND_FILE || file->kind == IO_KIND_DIRECTORY || file->is_void()) {
      interest.ready = interest.events & (POLLIN | POLLOUT | 0x40 | 0x100);
    } else {
      int events = pipe_readiness.events_of(*file);
      if (events >= 0) *shown = file;
      const kern_return_t kr =
          events >= 0 ? KERN_SUCCESS : io_poll(file->port, interest.events, &events);
      interest.ready = kr == KERN_SUCCESS
                           ? static_cast<int16_t>(events & (interest.events | kAlways))
                           : POLLERR;
    }
    if (interest.ready != 0) ++ready;
  }
  return ready;
}

int32_t ask_all(Interest* interests, uint32_t count) {
  const OpenFile* shown = nullptr;
  int32_t ready = look_at_all(interests, count, &shown);
  pipe_readiness.all_asked();
  if (ready == 0 && shown != nullptr) {
    int events = 0;
    (void)io_poll(shown->port, 0, &events);
    ready = look_at_all(interests, count, &shown);
  }
  return ready;
}

class SelectPort {
 public:
  SelectPort() : port_(mach_reply_port()) {}
  SelectPort(const SelectPort&) = delete;
  SelectPort& operator=(const SelectPort&) = delete;
  ~SelectPort() { mach_port_mod_refs(mach_task_self(), port_, MACH_PORT_RIGHT_RECEIVE, -1); }

  void request(const Interest& interest, int id) const {
    const OpenFile* file = descriptors.get_io(interest.fd);
    if (file != nullptr) io_select(file->port, port_, interest.events, id);
  }

  // Receives one message; what it says is asked again by io_poll. Returns mach_msg's result.
  mach_msg_return_t wait(int64_t microseconds) const {
    struct {
      mach_msg_header_t header;
      char body[64];
    } message;
    const mach_msg_timeout_t milliseconds =
        microseconds < 0 ? 0 : static_cast<mach_msg_timeout_t>((microseconds + 999) / 1000);
    return emulation_interruptible_msg_trap(
        &message.header, MACH_RCV_MSG | (microseconds < 0 ? 0 : MACH_RCV_TIMEOUT), 0,
        sizeof message, port_, milliseconds, MACH_PORT_NULL);
  }

 private:
  mach_port_t port_;
};

}  // namespace

int32_t wait_until_ready(Interest* interests, uint32_t count, int64_t microseconds) {
  const int64_t deadline = microseconds < 0 ? kNoTimeout : monotonic_microseconds() + microseconds;
  int32_t ready = ask_all(interests, count);
  if (ready != 0 || microseconds == 0) return ready;

  const SelectPort port;
  for (uint32_t i = 0; i < count; ++i) {
    if (interests[i].fd >= 0) port.request(interests[i], static_cast<int>(i));
  }
  while (true) {
    int64_t left = kNoTimeout;
    if (deadline != kNoTimeout) {
      left = deadline - monotonic_microseconds();
      if (left <= 0) return ask_all(interests, count);
    }
    const mach_msg_return_t result = port.wait(left);
    if (result == MACH_SEND_INTERRUPTED || result == MACH_RCV_INTERRUPTED) return -EINTR;
    ready = ask_all(interests, count);
    if (ready != 0) return ready;
    if (result == MACH_MSG_SUCCESS) {
      // The news was stale (somebody else took it): ask again for the next.
      for (uint32_t i = 0; i < count; ++i) {
        if (interests[i].fd >= 0) port.request(interests[i], static_cast<int>(i));
      }
    }
  }
}

}  // namespace emulation
