#include "kernel/ipc/notify.h"

#include <mach/kern_return.h>
#include <mach/message_bits.h>

#include <cstring>
#include <new>

#include "kernel/ipc/port.h"
#include "kernel/ipc/send.h"
#include "kernel/ipc/space.h"

namespace ipc {
namespace {

// All notifications but the send-once one: header, one descriptor, one word.
struct OneWordNotification {
  mach_msg_header_t header;
  uint32_t type;
  uint32_t word;
};

void send_word(MessagePtr m, uint32_t type, uint32_t word) {
  auto* n = reinterpret_cast<OneWordNotification*>(m->bytes());
  n->type = type;
  n->word = word;
  send_from_kernel(std::move(m));
}

}  // namespace

base::Result<NotifyRequest> NotifyRequest::create(SendOnceRight& notify) {
  NotifyRequest r;
  if (!notify) return r;
  r.message_ = Message::create(sizeof(OneWordNotification), 0);
  if (r.message_ == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  r.notify_ = std::move(notify);
  return r;
}

SendOnceRight NotifyRequest::cancel() {
  message_.reset();
  return std::move(notify_);
}

MessagePtr NotifyRequest::prepare(mach_msg_id_t id) {
  MessagePtr m = std::move(message_);
  m->header().msgh_id = id;
  m->set_destination(std::move(notify_));
  return m;
}

void NotifyRequest::send_port_name(mach_msg_id_t id, mach_port_t name) {
  send_word(prepare(id), mach::kMsgTypePortName, name);
}

void NotifyRequest::send_no_senders(mach_port_mscount_t count) {
  send_word(prepare(MACH_NOTIFY_NO_SENDERS), mach::kMsgTypeInt32, count);
}

void NotifyRequest::send_port_destroyed(ReceiveRight right) {
  MessagePtr m = prepare(MACH_NOTIFY_PORT_DESTROYED);
  m->header().msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  send_word(std::move(m), mach::msg_type_port(MACH_MSG_TYPE_PORT_RECEIVE),
            Message::port_to_word(right.leak()));
}

base::Result<MsgAcceptedRequest*> MsgAcceptedRequest::create(Space& space, Port& destination,
                                                             mach_port_t notify_name) {
  Entry* e = space.find_port(destination);
  if (e != nullptr && e->accepted_request != nullptr) {
    return base::Error(MACH_SEND_NOTIFY_IN_PROGRESS);
  }
  SendOnceRight notify = space.make_notify_right(notify_name);
  if (!notify) return base::Error(MACH_SEND_INVALID_NOTIFY);
  auto request = NotifyRequest::create(notify);
  if (!request.ok()) {
    drop_silently(std::move(notify));
    return base::Error(MACH_SEND_NO_NOTIFY);
  }
  NotifyRequest armed = request.take();
  auto* r = new (std::nothrow) MsgAcceptedRequest(e, std::move(armed));
  if (r == nullptr) {
    drop_silently(armed.cancel());
    return base::Error(MACH_SEND_NO_NOTIFY);
  }
  if (e != nullptr) e->accepted_request = r;
  return r;
}

void MsgAcceptedRequest::accept(MsgAcceptedRequest* request) {
  mach_port_t name = MACH_PORT_NULL;
  if (Entry* e = request->entry_) {
    name = e->name;
    e->accepted_request = nullptr;
  }
  request->request_.send_port_name(MACH_NOTIFY_MSG_ACCEPTED, name);
  delete request;
}

void MsgAcceptedRequest::cancel(MsgAcceptedRequest* request) {
  if (Entry* e = request->entry_) e->accepted_request = nullptr;
  delete request;
}

}  // namespace ipc
