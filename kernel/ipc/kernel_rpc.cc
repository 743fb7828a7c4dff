#include "kernel/ipc/item.h"
#include "kernel/ipc/port.h"
#include "kernel/ipc/receive.h"
#include "kernel/ipc/send.h"
#include "kernel/kern/thread.h"

namespace ipc {
namespace {

constexpr ReceiveLimits kAnything{UINT32_MAX, MACH_RCV_NOTIFY};

// The reply port keeps what has been sent to it; without it late answers go nowhere.
void discard_reply_port(ThreadIpc& me) {
  ReceiveRight::adopt(std::exchange(me.kernel_reply_port, nullptr)).reset();
}

// The right that the answer came by has done its work: destroying the answer later must not report
// it as lost to the same port.
void use_up_destination(Message& answer) {
  mach_msg_header_t& h = answer.header();
  AnyRight used(kind_of_type(answer.remote_type()), answer.remote());
  h.msgh_bits &= ~MACH_MSGH_BITS_REMOTE_MASK;
  h.msgh_remote_port = MACH_PORT_NULL;
  drop_silently(used.take_send_once());
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
  Received r = receive(reply_port, kAnything, kern::Deadline::never(), kern::Interruptible::kYes,
                       wake);
  if (r.result != MACH_MSG_SUCCESS) {
    discard_reply_port(me);
    return base::Error(r.result);
  }
  use_up_destination(*r.message);
  return std::move(r.message);
}

}  // namespace ipc
