// What the straight paths share: messages that go from a thread to one that waits for them, without
// queues or scheduler (mach_msg_fast.cc, mach_msg_complex.cc, kernel_rpc.cc). Internal to kernel/ipc.
#pragma once

#include <mach/message.h>

#include "kernel/ipc/mach_msg_call.h"
#include "kernel/ipc/port.h"
#include "kernel/ipc/port_set.h"
#include "kernel/ipc/space.h"

namespace ipc {

inline constexpr mach_msg_bits_t kCallBits =
    MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
inline constexpr mach_msg_bits_t kAnswerBits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);

Entry* find_and_remember(Space& space, mach_port_t name, Entry*& remembered);

// The entry of a name, or null. Looks first where such a name was found last.
[[gnu::always_inline]] inline Entry* find(Space& space, mach_port_t name, Entry*& remembered) {
  if (remembered->name == name) [[likely]] return remembered;
  return find_and_remember(space, name, remembered);
}

// The thread that would take the message now, if it can be handed over straight. At a dead port
// nobody waits.
[[gnu::always_inline]] inline ThreadIpc* straight_receiver(Port& port, mach_msg_size_t size) {
  ThreadIpc* r = port.receive_point().receivers().front();
  return r != nullptr && r->straight_size >= size ? r : nullptr;
}

// What we would wait on after sending; null unless we would indeed have to wait there.
[[gnu::always_inline]] inline ReceivePoint* own_receive_point(const Entry* e) {
  if (e == nullptr) return nullptr;
  if (e->has(kReceiveBit)) {
    Port* port = e->port();
    return port->set() == nullptr && !port->has_message() ? port : nullptr;
  }
  if (e->has(kPortSetBit)) return e->set()->has_message() ? nullptr : e->set();
  return nullptr;
}

// The entry that prepare_answer's message goes through, or null if that is not simple.
[[gnu::always_inline]] inline Entry* answer_entry(Space& space, ThreadIpc& me, const Message& m) {
  if (m.header().msgh_local_port != MACH_PORT_NULL) return nullptr;
  Entry* e = find(space, m.header().msgh_remote_port, me.remote_entry);
  const bool plain =
      e != nullptr && e->rights == kSendOnceBit && e->dead_name_request == nullptr;
  return plain ? e : nullptr;
}

// The header of a call as its receiver sees it: `reply` is the entry of its send-once right.
[[gnu::always_inline]] inline void set_call_header(mach_msg_header_t& h, mach_msg_bits_t complex,
                                                   const Entry& reply, const Port& port) {
  h.msgh_bits = complex | MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, MACH_MSG_TYPE_PORT_SEND);
  h.msgh_remote_port = reply.name;
  h.msgh_local_port = port.receiver_name();
}

// The same of an answer.
[[gnu::always_inline]] inline void set_answer_header(mach_msg_header_t& h, mach_msg_bits_t complex,
                                                     const Port& port) {
  h.msgh_bits = complex | MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE);
  h.msgh_remote_port = MACH_PORT_NULL;
  h.msgh_local_port = port.receiver_name();
}

// The names in the header of a complex call or answer become rights, the message the kernel's but for
// its body. False: it is of another shape and nothing has been done to it.
bool take_complex_rights(const MachMsgCall& call, Message& m);
// Such a message: send and receive. Blocks.
mach_msg_return_t complex_mach_msg(const MachMsgCall& call, MessagePtr message);

}  // namespace ipc
