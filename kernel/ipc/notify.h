// Notifications: messages the kernel sends about rights (book chapter 3). Each request brings its
// message along, so a notification cannot be lost for want of memory.
#pragma once

#include <mach/notify.h>
#include <mach/port.h>

#include "kernel/ipc/message.h"
#include "kernel/ipc/right.h"
#include "libs/base/list.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace ipc {

class Space;
struct Entry;

// A registered send-once right together with the message it will carry.
class NotifyRequest {
 public:
  NotifyRequest() = default;
  // A null or dead right makes an unarmed request (how requests are cancelled).
  // KERN_RESOURCE_SHORTAGE: the caller keeps `notify`.
  static base::Result<NotifyRequest> create(SendOnceRight& notify);

  [[nodiscard]] bool armed() const { return message_ != nullptr; }
  [[nodiscard]] Port* port() const { return notify_.port(); }
  // Takes the right back; the request is unarmed.
  SendOnceRight cancel();
  // Exchanges the right of an armed request.
  SendOnceRight replace(SendOnceRight notify) { return std::exchange(notify_, std::move(notify)); }

  // Each sends the notification and leaves the request unarmed.
  void send_port_name(mach_msg_id_t id, mach_port_t name);
  void send_no_senders(mach_port_mscount_t count);
  void send_port_destroyed(ReceiveRight right);

 private:
  MessagePtr prepare(mach_msg_id_t id);

  SendOnceRight notify_;
  MessagePtr message_;
};

// A dead-name request: belongs to one entry of a space and is on the list of the entry's port.
struct DeadNameRequest {
  DeadNameRequest(Space& s, Entry& e, NotifyRequest r)
      : space(s), entry(&e), request(std::move(r)) {}
  Space& space;
  Entry* entry;
  NotifyRequest request;
  base::ListLink link;
};
using DeadNameList = base::List<DeadNameRequest, &DeadNameRequest::link>;

// MACH_SEND_NOTIFY: set up for a message that was forced into a full queue. Owned by the message;
// the entry of the sender's right points at it, so that only one message at a time is forced.
class MsgAcceptedRequest {
 public:
  // `notify_name` names a receive right of `space`. If the space still has a right for
  // `destination`, that is marked. MACH_SEND_NOTIFY_IN_PROGRESS, MACH_SEND_INVALID_NOTIFY,
  // MACH_SEND_NO_NOTIFY.
  static base::Result<MsgAcceptedRequest*> create(Space& space, Port& destination,
                                                  mach_port_t notify_name);
  // The message was taken from the queue: notifies, frees the request.
  static void accept(MsgAcceptedRequest* request);
  // The message was destroyed in the queue: a send-once notification results; frees the request.
  static void cancel(MsgAcceptedRequest* request);

  // The sender gave up its right: the notification will carry MACH_PORT_NULL.
  void right_gone() { entry_ = nullptr; }
  void right_renamed(Entry* entry) { entry_ = entry; }

 private:
  MsgAcceptedRequest(Entry* entry, NotifyRequest request)
      : entry_(entry), request_(std::move(request)) {}
  ~MsgAcceptedRequest() = default;

  Entry* entry_;
  NotifyRequest request_;
};

}  // namespace ipc
