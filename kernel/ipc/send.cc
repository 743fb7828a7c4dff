#include "kernel/ipc/send.h"

#include "kernel/ipc/item.h"
#include "kernel/ipc/port.h"
#include "kernel/kern/thread.h"
#include "kernel/rpc/dispatch.h"

namespace ipc {
namespace {

// Messages from user tasks have been through this in copyin_body.
void note_receive_rights(Message& m) {
  ItemReader reader(m);
  Item item;
  while (!reader.at_end() && reader.next(item) == MACH_MSG_SUCCESS) {
    if (item.name != MACH_MSG_TYPE_PORT_RECEIVE || !item.is_inline()) continue;
    for (uint32_t i = 0; i < item.number; ++i) {
      Port* port = Message::word_to_port(item.words()[i]);
      if (is_port(port) && !port->enter_transit(*m.remote())) m.circular = true;
    }
  }
}

void send_to_kernel_object(MessagePtr request) {
  if (MessagePtr answer = rpc::dispatch(std::move(request))) send_from_kernel(std::move(answer));
}

mach_msg_return_t wait_for_room(Port& port, MessagePtr& message, kern::Deadline deadline,
                                kern::Interruptible interruptible) {
  if (deadline.us() == kern::Deadline::passed().us()) return MACH_SEND_TIMED_OUT;
  // The port may die and its last reference be in the message.
  const base::Ref<Port> keep(&port);
  ThreadIpc& me = kern::current_thread().ipc;
  me.message = message.release();
  port.add_blocked_sender(me);
  kern::prepare_wait(interruptible);
  const kern::WaitResult wait = kern::block(deadline);
  message.reset(std::exchange(me.message, nullptr));
  if (!me.link.linked()) {
    message.reset();  // still here only if the port died
    return me.result;
  }
  port.remove_blocked_sender(me);
  return wait == kern::WaitResult::kTimedOut ? MACH_SEND_TIMED_OUT : MACH_SEND_INTERRUPTED;
}

}  // namespace

mach_msg_return_t send(MessagePtr& message, kern::Deadline deadline,
                       kern::Interruptible interruptible, PendingWake& wake) {
  if (!is_port(message->remote()) || !message->remote()->active() || message->circular) {
    message.reset();
    return MACH_MSG_SUCCESS;
  }
  Port& port = *message->remote();
  if (port.is_kernel_object()) {
    send_to_kernel_object(std::move(message));
    return MACH_MSG_SUCCESS;
  }
  if (message->remote_type() == MACH_MSG_TYPE_PORT_SEND_ONCE || port.has_room()) {
    port.post(std::move(message), &wake);
    return MACH_MSG_SUCCESS;
  }
  return wait_for_room(port, message, deadline, interruptible);
}

void send_from_kernel(MessagePtr message) {
  Port* port = message->remote();
  if (!is_port(port) || !port->active()) return;
  if (message->is_complex()) note_receive_rights(*message);
  if (message->circular) return;
  if (port->is_kernel_object()) return send_to_kernel_object(std::move(message));
  port->post(std::move(message));
}

}  // namespace ipc
