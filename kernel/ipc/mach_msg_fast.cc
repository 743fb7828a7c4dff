// The straight path of mach_msg: a whole RPC step, send and receive, without queues, allocation or
// scheduler. Its result is what the general path (mach_msg.cc) would have produced; whatever it
// does not recognize it leaves, untouched, to that path.
//
// Three shapes, told apart by msgh_bits, all with the options SEND and RCV:
//   call    COPY_SEND to a port where a thread waits, MAKE_SEND_ONCE of the port received from
//   answer  MOVE_SEND_ONCE to a port where a thread waits, no reply port
//   kernel  as call, but the destination is a kernel object: dispatched here, answered directly
#include <bit>

#include "kernel/ipc/item.h"
#include "kernel/ipc/mach_msg.h"
#include "kernel/ipc/send.h"
#include "kernel/ipc/straight.h"
#include "kernel/kern/exchange.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/rpc/dispatch.h"

namespace ipc {
namespace {

constexpr mach_msg_option_t kRequired = MACH_SEND_MSG | MACH_RCV_MSG;
// Everything that changes the meaning of a call of these shapes.
constexpr mach_msg_option_t kLookedAt = kRequired | MACH_SEND_NOTIFY | MACH_SEND_CANCEL |
                                        MACH_RCV_NOTIFY | MACH_RCV_TIMEOUT;
// No masked option is this.
constexpr mach_msg_option_t kNever = ~0;

// What the masked option must be.
mach_msg_option_t straight_option = kRequired;

constexpr uint32_t kWord = sizeof(uint32_t);
constexpr uint32_t kHeaderWords = sizeof(mach_msg_header_t) / kWord;
constexpr uint32_t kMostWords = Message::kMediumSize / kWord;
// A buffer below this holds any message of a pool's block without reaching kernel addresses.
constexpr uint32_t kBufferEnd = kern::kUserEnd - Message::kMediumSize;

// One message from hand to hand. With a receiver, the header is in its names already. A port without
// one is a kernel object's. Without either the message is of another shape and nothing has been done.
struct Exchange {
  Port* port = nullptr;           // it is sent to this port,
  ThreadIpc* receiver = nullptr;  // this thread waits there,
  ReceivePoint* own = nullptr;    // and this is where the sender waits for its own message
};

// The message as it is in user memory, in a medium block. Null when its size or address is unusual,
// no block is at hand, or the memory cannot be read.
[[gnu::always_inline]] inline Message* get_straight_message(uint32_t address,
                                                            mach_msg_size_t size) {
  const uint32_t body_words = std::rotr(size - kHeaderWords * kWord, 2);  // large if no multiple
  if (body_words > kMostWords - kHeaderWords || address >= kBufferEnd) [[unlikely]] return nullptr;
  Message* m = MessagePool::pop_medium();
  if (m == nullptr) [[unlikely]] return nullptr;
  if (!arch::copy_words_from_user(m->bytes(), address, body_words + kHeaderWords)) [[unlikely]] {
    MessagePool::push_medium(m);
    return nullptr;
  }
  m->header().msgh_size = size;
  return m;
}

// A message of at most kMediumSize bytes, without rights or memory in it, its header in the caller's
// names, goes to its buffer, which get_straight_message() found to be below kBufferEnd.
[[gnu::always_inline]] inline mach_msg_return_t put_words(ThreadIpc& me, Message& m,
                                                          uint32_t address) {
  ++me.messages_received;
  const bool ok = arch::copy_words_to_user(address, m.bytes(), m.size() / kWord);
  return ok ? MACH_MSG_SUCCESS : MACH_RCV_INVALID_DATA;
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
  const bool plain = !answer->is_complex() && answer->size() % kWord == 0;
  if (plain && answer->size() <= Message::kMediumSize) {
    const mach_msg_return_t r = put_words(kern::current_thread().ipc, *answer, call.msg);
    MessagePool::push_plain(answer.release());
    return r;
  }
  answer->header_translated = true;
  return put_received_message(call, NamesPtr(answer.release()));
}

[[gnu::noinline]] mach_msg_return_t call_kernel(const MachMsgCall& call, Message* names, Port& port,
                                                Port& reply) {
  // The request borrows its destination: `keep` holds the port, no right is counted.
  const base::Ref<Port> keep(&port);
  mach_msg_header_t& h = names->header();
  reply.add_send_once_right();
  h.msgh_bits = (h.msgh_bits & MACH_MSGH_BITS_COMPLEX) |
                MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE);
  h.msgh_remote_port = Message::port_to_word(&port);
  h.msgh_local_port = Message::port_to_word(&reply);
  MessagePtr request(names);
  if (request->is_complex()) {
    const auto r = copyin_body(call.space(), call.task.map(), *request);
    if (r != MACH_MSG_SUCCESS) return r;
  }
  // A statement of its own: an unanswered request ends with it, and its reply right tells us so.
  MessagePtr answer = rpc::dispatch(std::move(request));
  return deliver_answer(call, std::move(answer), reply);
}

[[gnu::always_inline]] inline Exchange prepare_answer(Space& space, ThreadIpc& me,
                                                      mach_port_t rcv_name, Message& m) {
  Entry* e = answer_entry(space, me, m);
  if (e == nullptr) return {};
  Port& port = *e->port();
  ThreadIpc* receiver = straight_receiver(port, m.size());
  if (receiver == nullptr) return {};
  ReceivePoint* own = own_receive_point(find(space, rcv_name, me.receive_entry));
  if (own == nullptr) return {};

  set_answer_header(m.header(), 0, port);
  space.remove_send_once(*e);
  // The port has a receiver who waits, so this is not its end.
  port.drop_send_once_right();
  return {&port, receiver, own};
}

[[gnu::always_inline]] inline Exchange prepare_call(Space& space, ThreadIpc& me,
                                                    mach_port_t rcv_name, Message& m,
                                                    bool complex) {
  mach_msg_header_t& h = m.header();
  if (h.msgh_local_port != rcv_name) return {};
  const Entry* to = find(space, h.msgh_remote_port, me.remote_entry);
  if (to == nullptr || !to->has(kSendBit)) return {};
  const Entry* from = find(space, rcv_name, me.receive_entry);
  if (from == nullptr || !from->has(kReceiveBit)) return {};
  Port& port = *to->port();
  Port& reply = *from->port();
  if (reply.set() != nullptr || reply.has_message()) return {};
  if (port.is_kernel_object()) return {&port, nullptr, &reply};
  if (complex) return {};
  ThreadIpc* receiver = straight_receiver(port, m.size());
  if (receiver == nullptr) return {};
  Entry* entry = port.receiver()->try_add_send_once(reply);
  if (entry == nullptr) return {};
  reply.add_send_once_right();

  set_call_header(h, 0, *entry, port);
  return {&port, receiver, &reply};
}

[[gnu::always_inline]] inline Exchange prepare(Space& space, ThreadIpc& me, mach_port_t rcv_name,
                                               Message& m) {
  const mach_msg_bits_t bits = m.header().msgh_bits;
  if (bits == kAnswerBits) return prepare_answer(space, me, rcv_name, m);
  if (bits == kCallBits) return prepare_call(space, me, rcv_name, m, false);
  if (bits != (kCallBits | MACH_MSGH_BITS_COMPLEX)) return {};
  return prepare_call(space, me, rcv_name, m, true);
}

// A message that cannot go straight takes the general path.
[[gnu::noinline]] mach_msg_return_t send_otherwise(const MachMsgCall& call, Message* m) {
  NamesPtr names(m);
  if (m->is_complex() && take_complex_rights(call, *m)) {
    return complex_mach_msg(call, MessagePtr(names.release()));
  }
  if (call.send_size > Message::kSmallSize) return general_mach_msg(call, std::move(names));
  // It may be queued for long: not in a block of this size.
  names.reset();
  return general_mach_msg(call);
}

// Puts the message in the hands of the receiver.
[[gnu::always_inline]] inline void hand_over(Message& m, const Exchange& x) {
  m.header().msgh_seqno = x.port->next_seqno();
  x.receiver->link.unlink_linked();
  x.receiver->straight_message = &m;
}

}  // namespace

Entry* find_and_remember(Space& space, mach_port_t name, Entry*& remembered) {
  Entry* e = space.names().find(name);
  if (e != nullptr) remembered = e;
  return e;
}

void enable_fast_rpc(bool enabled) { straight_option = enabled ? kRequired : kNever; }

mach_msg_return_t mach_msg_trap(MachMsgArguments a) {
  kern::Thread& self = kern::current_thread();
  // With an abort pending a bit of `ast` is set too.
  if ((a.option & kLookedAt) != straight_option || self.ast != 0) [[unlikely]] {
    return general_mach_msg({a, self.task()});
  }
  Message* m = get_straight_message(a.msg, a.send_size);
  if (m == nullptr) [[unlikely]] return general_mach_msg({a, self.task()});
  ThreadIpc& me = self.ipc;
  const Exchange x = prepare(self.task().space(), me, a.rcv_name, *m);
  if (x.port == nullptr) [[unlikely]] return send_otherwise({a, self.task()}, m);
  ++me.messages_sent;
  if (x.receiver == nullptr) {
    return call_kernel({a, self.task()}, m, *x.port, static_cast<Port&>(*x.own));
  }

  // The receiver runs from here until our own message is there, or the wait ends otherwise.
  hand_over(*m, x);
  start_receiving(me, *x.own, {a.rcv_size, a.option}, a.rcv_size);
  const kern::WaitResult wait = kern::exchange(self, x.receiver->thread);
  m = me.straight_message;
  if (m == nullptr) [[unlikely]] {
    return complete_receive({a, self.task()}, finish_receiving(me, wait));
  }
  me.straight_message = nullptr;
  const mach_msg_return_t result = put_words(me, *m, a.msg);
  MessagePool::push_medium(m);
  return result;
}

}  // namespace ipc
