// mach_msg, the general path. A send has three steps: the message as it is (copyin.cc), the
// translation of names to rights (copyin.cc, copyin_body.cc), the queue (send.cc). A receive is the
// same backwards: receive.cc, copyout.cc, and the copy to the user's buffer here.
#include "kernel/ipc/mach_msg.h"

#include <cstddef>

#include "kernel/ipc/copyout.h"
#include "kernel/ipc/mach_msg_call.h"
#include "kernel/ipc/notify.h"
#include "kernel/ipc/send.h"
#include "kernel/kern/thread.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/rpc/dispatch.h"

namespace ipc {
namespace {

// MACH_SEND_NOTIFY: queues the message although there is no room.
mach_msg_return_t force_message(const MachMsgCall& call, MessagePtr& message) {
  Port& port = *message->remote();
  auto request = MsgAcceptedRequest::create(call.space(), port, call.notify);
  if (!request.ok()) return request.code();
  message->accepted_request = request.take();
  port.post(std::move(message));
  return MACH_SEND_WILL_NOTIFY;
}

mach_msg_return_t queue_message(const MachMsgCall& call, MessagePtr& message, PendingWake& wake) {
  const bool force = call.has(MACH_SEND_NOTIFY);
  const bool wait_first = !force || call.has(MACH_SEND_TIMEOUT);
  const kern::Deadline deadline =
      wait_first ? call.deadline(MACH_SEND_TIMEOUT) : kern::Deadline::passed();
  const mach_msg_return_t r = send(message, deadline, kern::Interruptible::kYes, wake);
  return r == MACH_SEND_TIMED_OUT && force ? force_message(call, message) : r;
}

// The message could not be queued: the sender gets its contents back.
mach_msg_return_t return_to_sender(const MachMsgCall& call, MessagePtr message) {
  const mach_msg_return_t shortages = copyout_pseudo(call.space(), call.task.map(), *message);
  const NamesPtr names(message.release());
  // The buffer was readable; if it is not writable the caller has its rights and no list of them.
  (void)kern::copy_out_bytes(call.msg, names->bytes(), names->size());
  return shortages;
}

// Names become rights.
base::Result<MessagePtr> copyin_message(const MachMsgCall& call, NamesPtr names) {
  const Port* cancel_for = nullptr;
  if (call.has(MACH_SEND_CANCEL)) {
    auto port = call.space().receive_port(call.notify);
    if (!port.ok()) return base::Error(MACH_SEND_INVALID_NOTIFY);
    cancel_for = port.take();
  }
  mach_msg_return_t r = copyin_header(call.space(), *names, cancel_for);
  if (r != MACH_MSG_SUCCESS) return base::Error(r);
  MessagePtr message(names.release());
  if (message->is_complex()) r = copyin_body(call.space(), call.task.map(), *message);
  if (r != MACH_MSG_SUCCESS) return base::Error(r);
  return message;
}

// A dequeued message that the caller cannot have: only its header arrives.
mach_msg_return_t put_header(const MachMsgCall& call, NamesPtr message, mach_msg_return_t why) {
  const uint32_t size = std::min<uint32_t>(sizeof(mach_msg_header_t), call.rcv_size);
  const bool ok = kern::copy_out_bytes(call.msg, message->bytes(), size).ok();
  return ok ? why : MACH_RCV_INVALID_DATA;
}

mach_msg_return_t refuse(const MachMsgCall& call, MessagePtr message, mach_msg_return_t why) {
  copyout_header_only(call.space(), *message);
  return put_header(call, NamesPtr(message.release()), why);
}

mach_msg_return_t report_left_message(const MachMsgCall& call, mach_msg_size_t size) {
  const kern::UserPtr<mach_msg_size_t> field{
      static_cast<uint32_t>(call.msg + offsetof(mach_msg_header_t, msgh_size))};
  return field.copy_out(size).ok() ? MACH_RCV_TOO_LARGE : MACH_RCV_INVALID_DATA;
}

base::Result<ReceivePoint*> find_receive_point(Space& space, mach_port_t name) {
  Entry* e = space.lookup(name);
  if (e == nullptr || !e->has(kReceiveBit | kPortSetBit)) {
    return base::Error(MACH_RCV_INVALID_NAME);
  }
  if (e->has(kReceiveBit) && e->port()->set() != nullptr) return base::Error(MACH_RCV_IN_SET);
  return e->object;
}

}  // namespace

mach_msg_return_t put_received_message(const MachMsgCall& call, NamesPtr message) {
  mach_msg_return_t r = MACH_MSG_SUCCESS;
  ++kern::current_thread().ipc.messages_received;
  if (message->is_complex() && !message->body_translated) {
    r = copyout_body(call.space(), call.task.map(), *message);
    if (r != MACH_MSG_SUCCESS) r |= MACH_RCV_BODY_ERROR;
  }
  if (!kern::copy_out_bytes(call.msg, message->bytes(), message->size()).ok()) {
    return MACH_RCV_INVALID_DATA;
  }
  return r;
}

mach_msg_return_t complete_receive(const MachMsgCall& call, Received received) {
  if (received.message == nullptr) {
    if (received.result == MACH_RCV_TOO_LARGE) return report_left_message(call, received.left_size);
    return received.result;
  }
  MessagePtr& message = received.message;
  if (!message->header_translated) {
    if (received.result != MACH_MSG_SUCCESS) {
      return refuse(call, std::move(message), received.result);
    }
    Port* notify = nullptr;
    if (call.has(MACH_RCV_NOTIFY)) {
      auto port = call.space().receive_port(call.notify);
      if (!port.ok()) return refuse(call, std::move(message), MACH_RCV_INVALID_NOTIFY);
      notify = port.take();
    }
    const mach_msg_return_t r = copyout_header(call.space(), *message, notify);
    if (r != MACH_MSG_SUCCESS) return put_header(call, NamesPtr(message.release()), r);
  }
  return put_received_message(call, NamesPtr(message.release()));
}

mach_msg_return_t receive_user_message(const MachMsgCall& call, PendingWake& wake) {
  auto point = find_receive_point(call.space(), call.rcv_name);
  if (!point.ok()) return point.code();
  return complete_receive(call, receive(*point.value(), call.receive_limits(),
                                        call.deadline(MACH_RCV_TIMEOUT),
                                        kern::Interruptible::kYes, wake));
}

static mach_msg_return_t receive_if_wanted(const MachMsgCall& call, PendingWake& wake) {
  return call.has(MACH_RCV_MSG) ? receive_user_message(call, wake) : MACH_MSG_SUCCESS;
}

mach_msg_return_t general_mach_msg(const MachMsgCall& call) {
  if (!call.has(MACH_SEND_MSG)) {
    PendingWake nobody;
    return receive_if_wanted(call, nobody);
  }
  auto names = get_user_message(call.msg, call.send_size);
  return names.ok() ? general_mach_msg(call, names.take()) : names.code();
}

mach_msg_return_t general_mach_msg(const MachMsgCall& call, NamesPtr names) {
  if (names->header().msgh_id == rpc::kDataSupply && !call.has(MACH_SEND_CANCEL) &&
      rpc::supply_straight(call.task, *names)) {
    ++kern::current_thread().ipc.messages_sent;
    PendingWake nobody;
    return receive_if_wanted(call, nobody);
  }
  auto message = copyin_message(call, std::move(names));
  return message.ok() ? send_and_receive(call, message.take()) : message.code();
}

mach_msg_return_t send_and_receive(const MachMsgCall& call, MessagePtr message) {
  // Declared first, so that a receiver is woken last, when we are done or blocked.
  PendingWake wake;
  ++kern::current_thread().ipc.messages_sent;
  mach_msg_return_t r = queue_message(call, message, wake);
  if (message != nullptr) r |= return_to_sender(call, std::move(message));
  return r == MACH_MSG_SUCCESS ? receive_if_wanted(call, wake) : r;
}

mach_port_t mach_reply_port() {
  auto name = kern::current_task().space().allocate_port();
  return name.ok() ? name.take() : MACH_PORT_NULL;
}

}  // namespace ipc
