#include <algorithm>
#include <utility>

#include "kernel/ipc/item.h"
#include "kernel/ipc/port.h"
#include "kernel/ipc/receive.h"
#include "kernel/ipc/send.h"
#include "kernel/ipc/straight.h"
#include "kernel/kern/exchange.h"
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

// The space's entry for the right, if it can take one more reference.
inline Entry* known_entry(Space& space, const SendRight& right) {
  Port* port = right.port();
  if (port == nullptr || !port->active()) return nullptr;
  Entry* e = space.find_port(*port);
  const bool fits = e != nullptr && e->has(kSendBit) && e->urefs < MACH_PORT_UREFS_MAX;
  return fits ? e : nullptr;
}

// The message in the names of the space that receives from `port`, with a send-once right for the reply
// port if there is one; null: it cannot be made.
[[gnu::always_inline]] inline Message* straight_request(Port& port, Port* reply_port,
                                                         const KernelRequest& request) {
  const auto [id, body, rights] = request;
  Space& space = *port.receiver();
  Entry* known[kMaxStraightRights];
  for (size_t i = 0; i < rights.size(); ++i) {
    known[i] = known_entry(space, *rights[i].right);
    if (known[i] == nullptr) return nullptr;
  }
  Message* m = MessagePool::pop_medium();
  if (m == nullptr) return nullptr;
  mach_port_t reply_name = MACH_PORT_NULL;
  if (reply_port != nullptr) {
    const Entry* once = space.try_add_send_once(*reply_port);
    if (once == nullptr) {
      MessagePool::push_medium(m);
      return nullptr;
    }
    reply_port->add_send_once_right();
    reply_name = once->name;
  }
  const mach_msg_type_name_t reply_type = reply_port != nullptr ? MACH_MSG_TYPE_PORT_SEND_ONCE : 0;
  m->header() = {
      .msgh_bits =
          MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(reply_type, MACH_MSG_TYPE_PORT_SEND),
      .msgh_size = static_cast<mach_msg_size_t>(sizeof(mach_msg_header_t) + body.size_bytes()),
      .msgh_remote_port = reply_name,
      .msgh_local_port = port.receiver_name(),
      .msgh_seqno = port.next_seqno(),
      .msgh_id = id};
  auto* words = reinterpret_cast<uint32_t*>(m->body());
  std::ranges::copy(body, words);
  for (size_t i = 0; i < rights.size(); ++i) {
    ++known[i]->urefs;
    words[rights[i].index] = known[i]->name;
  }
  return m;
}

}  // namespace

KernelAnswer read_answer(Message& answer) {
  struct Reply {
    mach_msg_header_t header;
    mach_msg_type_t type;
    kern_return_t code;
  };
  const mach_msg_id_t id = answer.header().msgh_id;
  if (answer.size() < sizeof(Reply)) return {id, KERN_FAILURE};
  return {id, reinterpret_cast<const Reply*>(answer.bytes())->code};
}

std::optional<base::Result<KernelAnswer>> straight_rpc(const SendRight& destination,
                                                       const KernelRequest& request) {
  kern::Thread& self = kern::current_thread();
  ThreadIpc& me = self.ipc;
  Port* port = destination.port();
  if (self.ast != 0 || me.kernel_reply_port == nullptr) return {};
  const size_t size = sizeof(mach_msg_header_t) + request.body.size_bytes();
  if (request.rights.size() > kMaxStraightRights || size > Message::kMediumSize) return {};
  if (port == nullptr || !port->active() || port->is_kernel_object()) return {};
  ThreadIpc* receiver = straight_receiver(*port, size);
  if (receiver == nullptr) return {};
  Port& reply_port = *me.kernel_reply_port;
  Message* m = straight_request(*port, &reply_port, request);
  if (m == nullptr) return {};

  receiver->link.unlink_linked();
  receiver->straight_message = m;
  start_receiving(me, reply_port, kAnything, Message::kSmallSize);
  const kern::WaitResult wait = kern::exchange(self, receiver->thread);
  m = std::exchange(me.straight_message, nullptr);
  if (m != nullptr) {
    const KernelAnswer answer = read_answer(*m);
    MessagePool::push_medium(m);
    return answer;
  }
  Received r = finish_receiving(me, wait);
  if (r.result != MACH_MSG_SUCCESS) {
    discard_reply_port(me);
    return base::Result<KernelAnswer>(base::Error(r.result));
  }
  use_up_destination(*r.message);
  return read_answer(*r.message);
}

kern::Thread* straight_notice(const SendRight& destination, const KernelRequest& request) {
  Port* port = destination.port();
  if (port == nullptr || !port->active() || port->is_kernel_object()) return nullptr;
  const size_t size = sizeof(mach_msg_header_t) + request.body.size_bytes();
  ThreadIpc* receiver = size <= Message::kMediumSize ? straight_receiver(*port, size) : nullptr;
  if (receiver == nullptr) return nullptr;
  Message* m = straight_request(*port, nullptr, request);
  if (m == nullptr) return nullptr;
  receiver->link.unlink_linked();
  receiver->straight_message = m;
  return &receiver->thread;
}

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
