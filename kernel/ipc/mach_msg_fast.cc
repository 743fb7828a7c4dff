// The straight path of mach_msg: a whole RPC step, send and receive, without queues, allocation or
// scheduler. Its result is what the general path (mach_msg.cc) would have produced; whatever it
// does not recognize it leaves, untouched, to that path.
//
// Three shapes, told apart by msgh_bits, all with the options SEND and RCV:
//   call    COPY_SEND to a port where a thread waits, MAKE_SEND_ONCE of the port received from
//   answer  MOVE_SEND_ONCE to a port where a thread waits, no reply port
//   kernel  as call, but the destination is a kernel object: dispatched here, answered directly
#include "kernel/ipc/item.h"
#include "kernel/ipc/mach_msg_call.h"
#include "kernel/ipc/send.h"
#include "kernel/kern/thread.h"
#include "kernel/rpc/dispatch.h"

namespace ipc {
namespace {

bool fast_enabled = true;

constexpr mach_msg_option_t kRequired = MACH_SEND_MSG | MACH_RCV_MSG;
// Everything that changes the meaning of a call of these shapes.
constexpr mach_msg_option_t kLookedAt = kRequired | MACH_SEND_NOTIFY | MACH_SEND_CANCEL |
                                        MACH_RCV_NOTIFY | MACH_RCV_TIMEOUT;

constexpr mach_msg_bits_t kCallBits =
    MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
constexpr mach_msg_bits_t kAnswerBits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);

// The thread that would take the message now, if a sender may translate the header for it.
ThreadIpc* waiting_receiver(Port& port, mach_msg_size_t size) {
  ThreadIpc* r = port.receive_point().receivers().front();
  if (r == nullptr || !r->plain_receive || r->receive_size < size) return nullptr;
  return r;
}

// What we would wait on after sending; null unless we would indeed have to wait there.
ReceivePoint* own_receive_point(const Entry* e) {
  if (e == nullptr) return nullptr;
  if (e->has(kReceiveBit)) {
    Port* port = e->port();
    return port->set() == nullptr && !port->has_message() ? port : nullptr;
  }
  if (e->has(kPortSetBit)) return e->set()->has_message() ? nullptr : e->set();
  return nullptr;
}

// Puts the message in the hands of `receiver` and waits for ours while it runs.
mach_msg_return_t exchange(const MachMsgCall& call, NamesPtr message, Port& port,
                           ThreadIpc& receiver, ReceivePoint& own) {
  message->header().msgh_seqno = port.next_seqno();
  message->header_translated = true;
  receiver.link.unlink();
  receiver.result = MACH_MSG_SUCCESS;
  receiver.message = message.release();
  ++call.task.events.messages_sent;

  ThreadIpc& me = kern::current_thread().ipc;
  PendingWake wake;
  wake.set(receiver);
  start_receiving(me, own, call.receive_limits());
  kern::prepare_wait(kern::Interruptible::kYes);
  return complete_receive(call, finish_receiving(me, wake.block(kern::Deadline::never())));
}

bool try_call(const MachMsgCall& call, NamesPtr& names, Port& port, Port& reply,
              mach_msg_return_t& result) {
  ThreadIpc* receiver = waiting_receiver(port, names->size());
  if (receiver == nullptr) return false;
  auto entry = port.receiver()->add_send_once(reply);
  if (!entry.ok()) return false;
  reply.add_send_once_right();

  mach_msg_header_t& h = names->header();
  h.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, MACH_MSG_TYPE_PORT_SEND);
  h.msgh_remote_port = entry.value()->name;
  h.msgh_local_port = port.receiver_name();
  result = exchange(call, std::move(names), port, *receiver, reply);
  return true;
}

bool try_answer(const MachMsgCall& call, NamesPtr& names, mach_msg_return_t& result) {
  Space& space = call.space();
  mach_msg_header_t& h = names->header();
  if (h.msgh_local_port != MACH_PORT_NULL) return false;
  Entry* e = space.names().find(h.msgh_remote_port);
  if (e == nullptr || e->rights != kSendOnceBit || e->dead_name_request != nullptr) return false;
  Port& port = *e->port();
  if (!port.active()) return false;
  ReceivePoint* own = own_receive_point(space.names().find(call.rcv_name));
  if (own == nullptr) return false;
  ThreadIpc* receiver = waiting_receiver(port, names->size());
  if (receiver == nullptr) return false;

  h.msgh_bits = MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE);
  h.msgh_remote_port = MACH_PORT_NULL;
  h.msgh_local_port = port.receiver_name();
  space.remove_send_once(*e);
  // The port has a receiver who waits, so this is not its end.
  port.drop_send_once_right();
  result = exchange(call, std::move(names), port, *receiver, *own);
  return true;
}

// True if a message sent to the port now would be received by this very call.
bool answers_caller(const MachMsgCall& call, Port& reply, const Message& answer) {
  return answer.remote() == &reply && answer.remote_type() == MACH_MSG_TYPE_PORT_SEND_ONCE &&
         reply.active() && reply.receiver() == &call.space() &&
         reply.receiver_name() == call.rcv_name && reply.set() == nullptr &&
         !reply.has_message() && reply.receivers().empty() && answer.size() <= call.rcv_size;
}

mach_msg_return_t deliver_answer(const MachMsgCall& call, MessagePtr answer, Port& reply) {
  if (answer == nullptr || !answers_caller(call, reply, *answer)) {
    if (answer != nullptr) send_from_kernel(std::move(answer));
    PendingWake nobody;
    return receive_user_message(call, nobody);
  }
  reply.drop_send_once_right();
  mach_msg_header_t& h = answer->header();
  h.msgh_bits = (h.msgh_bits & MACH_MSGH_BITS_COMPLEX) |
                MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE);
  h.msgh_remote_port = MACH_PORT_NULL;
  h.msgh_local_port = call.rcv_name;
  h.msgh_seqno = reply.next_seqno();
  answer->header_translated = true;
  return put_received_message(call, NamesPtr(answer.release()));
}

mach_msg_return_t call_kernel(const MachMsgCall& call, NamesPtr names, Port& port, Port& reply) {
  // The request borrows its destination: `keep` holds the port, no right is counted.
  const base::Ref<Port> keep(&port);
  mach_msg_header_t& h = names->header();
  reply.add_send_once_right();
  h.msgh_bits = (h.msgh_bits & MACH_MSGH_BITS_COMPLEX) |
                MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE);
  h.msgh_remote_port = Message::port_to_word(&port);
  h.msgh_local_port = Message::port_to_word(&reply);
  MessagePtr request(names.release());
  if (request->is_complex()) {
    const auto r = copyin_body(call.space(), call.task.map(), *request);
    if (r != MACH_MSG_SUCCESS) return r;
  }
  ++call.task.events.messages_sent;
  // A statement of its own: an unanswered request ends with it, and its reply right tells us so.
  MessagePtr answer = rpc::dispatch(std::move(request));
  return deliver_answer(call, std::move(answer), reply);
}

}  // namespace

void enable_fast_rpc(bool enabled) { fast_enabled = enabled; }

bool try_fast_rpc(const MachMsgCall& call, NamesPtr& names, mach_msg_return_t& result) {
  if ((call.option & kLookedAt) != kRequired || !fast_enabled) return false;
  mach_msg_header_t& h = names->header();
  if (h.msgh_bits == kAnswerBits) return try_answer(call, names, result);
  if ((h.msgh_bits & ~MACH_MSGH_BITS_COMPLEX) != kCallBits) return false;

  Space& space = call.space();
  const Entry* to = space.names().find(h.msgh_remote_port);
  const Entry* from = space.names().find(h.msgh_local_port);
  if (to == nullptr || !to->has(kSendBit) || h.msgh_local_port != call.rcv_name) return false;
  if (from == nullptr || !from->has(kReceiveBit)) return false;
  Port& port = *to->port();
  Port& reply = *from->port();
  if (!port.active() || reply.set() != nullptr || reply.has_message()) return false;
  if (port.is_kernel_object()) {
    result = call_kernel(call, std::move(names), port, reply);
    return true;
  }
  if (h.msgh_bits & MACH_MSGH_BITS_COMPLEX) return false;
  return try_call(call, names, port, reply, result);
}

}  // namespace ipc
