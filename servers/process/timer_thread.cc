#include "servers/process/timer_thread.h"

#include <thread>

#include <mach.h>

#include "servers/process/process_server.h"

namespace process {
namespace {

mach_port_t wake_port = MACH_PORT_NULL;

void run(ProcessServer& server) {
  constexpr int64_t kLongest = 3600LL * 1000000;
  while (true) {
    int64_t wait_us;
    {
      const server::LockGuard guard(server.lock());
      wait_us = server.run_timers();
      server.dev_server().io().run_ready();
    }
    mach_msg_header_t message{};
    const bool forever = wait_us < 0;
    const auto milliseconds =
        static_cast<mach_msg_timeout_t>((std::min(wait_us, kLongest) + 999) / 1000);
    mach_msg(&message, MACH_RCV_MSG | (forever ? 0 : MACH_RCV_TIMEOUT), 0, sizeof message,
             wake_port, forever ? 0 : milliseconds, MACH_PORT_NULL);
  }
}

}  // namespace

void start_timer_thread(ProcessServer& server) {
  mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &wake_port);
  mach_port_insert_right(mach_task_self(), wake_port, wake_port, MACH_MSG_TYPE_MAKE_SEND);
  std::thread([&server] { run(server); }).detach();
}

void wake_timer_thread() {
  mach_msg_header_t message{};
  message.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0);
  message.msgh_remote_port = wake_port;
  // A full queue wakes it just as well.
  mach_msg(&message, MACH_SEND_MSG | MACH_SEND_TIMEOUT, sizeof message, 0, MACH_PORT_NULL, 0,
           MACH_PORT_NULL);
}

}  // namespace process
