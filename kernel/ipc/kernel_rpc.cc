#include "kernel/ipc/port.h"
#include "kernel/ipc/receive.h"
#include "kernel/ipc/send.h"
#include "kernel/kern/thread.h"

namespace ipc {
namespace {

constexpr ReceiveLimits kAnySize{UINT32_MAX, false, false};

// The reply port keeps what has been sent to it; without it late answers go nowhere.
void discard_reply_port(ThreadIpc& me) {
  ReceiveRight::adopt(std::exchange(me.kernel_reply_port, nullptr)).reset();
}

}  // namespace

ThreadIpc::~ThreadIpc() { discard_reply_port(*this); }

base::Result<MessagePtr> kernel_rpc(MessagePtr request) {
  ThreadIpc& me = kern::current_thread().ipc;
  if (me.kernel_reply_port == nullptr) {
    ReceiveRight right = TRY(Port::create());
    me.kernel_reply_port = right.leak();
  }
  Port& reply_port = *me.kernel_reply_port;
  request->set_reply(make_send_once(reply_port));

  PendingWake wake;
  const mach_msg_return_t sent =
      send(request, kern::Deadline::never(), kern::Interruptible::kYes, wake);
  if (sent != MACH_MSG_SUCCESS) {
    request.reset();
    discard_reply_port(me);
    return base::Error(sent);
  }
  Received r = receive(reply_port, kAnySize, kern::Deadline::never(), kern::Interruptible::kYes,
                       wake);
  if (r.result != MACH_MSG_SUCCESS) {
    discard_reply_port(me);
    return base::Error(r.result);
  }
  return std::move(r.message);
}

}  // namespace ipc
