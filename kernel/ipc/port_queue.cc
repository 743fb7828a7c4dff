// The message queue of a port.
#include "kernel/ipc/notify.h"
#include "kernel/ipc/port.h"
#include "kernel/ipc/port_set.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/wait.h"

namespace ipc {

bool Port::has_room() {
  if (msgcount_ < qlimit_ && blocked_senders_.empty()) return true;
  return !has_message() && !receive_point().receivers().empty();
}

mach_msg_size_t Port::next_message_size() {
  if (Message* m = messages_.front()) return m->size();
  return blocked_senders_.front()->message->size();
}

void Port::queue_changed() {
  if (set_ != nullptr) set_->note_queue_changed(*this);
}

bool Port::offer(MessagePtr& message, PendingWake* wake) {
  ThreadList& receivers = receive_point().receivers();
  while (ThreadIpc* r = receivers.pop_front()) {
    r->result = MACH_MSG_SUCCESS;
    if (message->size() > r->receive_size) {
      r->result = MACH_RCV_TOO_LARGE;
      if (r->receive_option & MACH_RCV_LARGE) {
        r->receive_size = message->size();
        kern::wake(r->thread);
        continue;
      }
    }
    message->header().msgh_seqno = next_seqno();
    r->message = message.release();
    if (wake != nullptr) {
      wake->set(*r);
    } else {
      kern::wake(r->thread);
    }
    return true;
  }
  return false;
}

void Port::post(MessagePtr message, PendingWake* wake) {
  KASSERT(active_);
  if (!has_message() && offer(message, wake)) return;
  messages_.push_back(message.release());
  ++msgcount_;
  ++pending_;
  queue_changed();
}

// A queued message, or with a queue limit of zero the one a blocked sender holds.
MessagePtr Port::pop_message() {
  --pending_;
  if (Message* m = messages_.pop_front()) {
    --msgcount_;
    return MessagePtr(m);
  }
  ThreadIpc* sender = blocked_senders_.pop_front();
  MessagePtr m(std::exchange(sender->message, nullptr));
  sender->result = MACH_MSG_SUCCESS;
  kern::wake(sender->thread);
  return m;
}

void Port::message_left(Message& message) {
  if (message.accepted_request != nullptr) {
    MsgAcceptedRequest::accept(std::exchange(message.accepted_request, nullptr));
  }
  admit_blocked_senders();
  queue_changed();
}

MessagePtr Port::dequeue() {
  MessagePtr m = pop_message();
  m->header().msgh_seqno = next_seqno();
  message_left(*m);
  return m;
}

void Port::serve_receivers() {
  while (has_message() && !receive_point().receivers().empty()) {
    MessagePtr m = pop_message();
    Message* const raw = m.get();
    MsgAcceptedRequest* const accepted = std::exchange(raw->accepted_request, nullptr);
    if (!offer(m, nullptr)) {
      raw->accepted_request = accepted;
      messages_.push_front(m.release());
      ++msgcount_;
      ++pending_;
      queue_changed();
      return;
    }
    if (accepted != nullptr) MsgAcceptedRequest::accept(accepted);
    admit_blocked_senders();
    queue_changed();
  }
}

// First come, first served: the message of the sender that has waited longest enters the queue in
// its name, so nobody can overtake it.
void Port::admit_blocked_senders() {
  while (msgcount_ < qlimit_) {
    ThreadIpc* sender = blocked_senders_.pop_front();
    if (sender == nullptr) return;
    messages_.push_back(std::exchange(sender->message, nullptr));
    ++msgcount_;
    sender->result = MACH_MSG_SUCCESS;
    kern::wake(sender->thread);
  }
}

void Port::set_queue_limit(uint32_t limit) {
  qlimit_ = limit;
  admit_blocked_senders();
  queue_changed();
}

void Port::add_blocked_sender(ThreadIpc& sender) {
  blocked_senders_.push_back(&sender);
  ++pending_;
  queue_changed();
}

void Port::remove_blocked_sender(ThreadIpc& sender) {
  blocked_senders_.remove(&sender);
  --pending_;
  queue_changed();
}

}  // namespace ipc
