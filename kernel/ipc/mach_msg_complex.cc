// The straight path of messages with rights or memory in their bodies. As in mach_msg_fast.cc the
// message goes to a waiting receiver and so does the processor; the body is translated here into
// rights and pieces of memory, and by the receiver into its own names and addresses.
#include "kernel/ipc/straight.h"
#include "kernel/kern/exchange.h"

namespace ipc {
namespace {

// The rights a call or an answer needs: its header becomes the kernel's. False: of another shape.
bool take_call_rights(Space& space, ThreadIpc& me, const MachMsgCall& call, Message& m) {
  mach_msg_header_t& h = m.header();
  if (h.msgh_local_port != call.rcv_name) return false;
  const Entry* to = find(space, h.msgh_remote_port, me.remote_entry);
  if (to == nullptr || !to->has(kSendBit) || !to->port()->active()) return false;
  const Entry* from = find(space, call.rcv_name, me.receive_entry);
  if (from == nullptr || !from->has(kReceiveBit)) return false;
  to->port()->add_send_right();
  from->port()->add_send_once_right();
  h.msgh_bits = MACH_MSGH_BITS_COMPLEX |
                MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND, MACH_MSG_TYPE_PORT_SEND_ONCE);
  h.msgh_remote_port = Message::port_to_word(to->port());
  h.msgh_local_port = Message::port_to_word(from->port());
  return true;
}

bool take_answer_right(Space& space, ThreadIpc& me, Message& m) {
  Entry* e = answer_entry(space, me, m);
  if (e == nullptr || !e->port()->active()) return false;
  mach_msg_header_t& h = m.header();
  h.msgh_bits = MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, 0);
  h.msgh_remote_port = Message::port_to_word(e->port());
  space.remove_send_once(*e);
  return true;
}

// Its rights become the names of the receiver's space, as far as that is simple.
bool give_header(Message& m) {
  mach_msg_header_t& h = m.header();
  Port& port = *m.remote();
  if (m.remote_type() == MACH_MSG_TYPE_PORT_SEND_ONCE) {
    set_answer_header(h, MACH_MSGH_BITS_COMPLEX, port);
    port.drop_send_once_right();
    return true;
  }
  Port& reply_port = *m.local();
  const Entry* reply =
      reply_port.active() ? port.receiver()->try_add_send_once(reply_port) : nullptr;
  if (reply == nullptr) return false;
  set_call_header(h, MACH_MSGH_BITS_COMPLEX, *reply, port);
  port.drop_send_right();
  return true;
}

}  // namespace

bool take_complex_rights(const MachMsgCall& call, Message& m) {
  ThreadIpc& me = kern::current_thread().ipc;
  const mach_msg_bits_t bits = m.header().msgh_bits;
  if (bits == (kCallBits | MACH_MSGH_BITS_COMPLEX)) {
    return take_call_rights(call.space(), me, call, m);
  }
  return bits == (kAnswerBits | MACH_MSGH_BITS_COMPLEX) && take_answer_right(call.space(), me, m);
}

mach_msg_return_t complex_mach_msg(const MachMsgCall& call, MessagePtr message) {
  kern::Thread& self = kern::current_thread();
  ThreadIpc& me = self.ipc;
  const auto r = copyin_body(call.space(), call.task.map(), *message);
  if (r != MACH_MSG_SUCCESS) return r;

  // Only now: the translation may have blocked.
  Port& port = *message->remote();
  const bool plain = self.ast == 0 && !message->circular && port.receiver() != nullptr;
  ThreadIpc* receiver = plain ? straight_receiver(port, message->size()) : nullptr;
  ReceivePoint* own = own_receive_point(find(call.space(), call.rcv_name, me.receive_entry));
  if (receiver == nullptr || own == nullptr || !give_header(*message)) {
    return send_and_receive(call, std::move(message));
  }
  ++me.messages_sent;
  message->header().msgh_seqno = port.next_seqno();
  message->header_translated = true;
  receiver->link.unlink_linked();
  receiver->result = MACH_MSG_SUCCESS;
  receiver->message = message.release();
  start_receiving(me, *own, call.receive_limits(), call.rcv_size);
  return complete_receive(call, finish_receiving(me, kern::exchange(self, receiver->thread)));
}

}  // namespace ipc
