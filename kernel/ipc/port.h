// Port: a queue of messages with one receiver and counted senders (book chapter 2).
#pragma once

#include <mach/port.h>

#include <cstdint>

#include "kernel/ipc/entry.h"
#include "kernel/ipc/kobject.h"
#include "kernel/ipc/message.h"
#include "kernel/ipc/notify.h"
#include "kernel/ipc/receive_point.h"
#include "kernel/ipc/right.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace ipc {

class PortSet;
class Space;

// Lifetime: the block lives while anybody refers to it. All send rights together hold one
// reference, all send-once rights together one, the receive right one. Sending and receiving stop
// when the receive right goes (`active()` turns false).
//
// Guard: the kernel is atomic between blocking points and no function here blocks.
class Port final : public ReceivePoint, public base::RefCounted<Port> {
 public:
  // A port without rights but the receive right, which is returned. KERN_RESOURCE_SHORTAGE.
  static base::Result<ReceiveRight> create();

  // --- receive right
  // The space that holds the receive right and its name there; null while a message carries it,
  // the kernel has it or the port is dead.
  [[nodiscard]] Space* receiver() const { return receiver_; }
  [[nodiscard]] mach_port_t receiver_name() const { return receiver_name_; }
  // Records the new holder; resets sequence number and make-send count.
  void set_receiver(Space& space, mach_port_t name);
  // The holder renamed the right: nothing is reset.
  void rename_receiver(mach_port_t name) { receiver_name_ = name; }
  // The receive right leaves its space (also: its set, waking receivers with MACH_RCV_PORT_DIED).
  ReceiveRight detach_receiver();
  // The receive right goes into a message to `destination`. False: that would close a loop of
  // messages and receive rights; nothing is recorded then.
  [[nodiscard]] bool enter_transit(Port& destination);
  // Ends the port: messages are destroyed, waiting threads woken, dead names made and notified.
  // The caller gives up the receive right's reference.
  void die();
  // What letting go of the receive right does: port-destroyed notification, or die().
  void receive_right_released();

  // --- kernel objects
  [[nodiscard]] KObjectType kobject_type() const { return kobject_type_; }
  // The object if this is a live port of that type, else null.
  [[nodiscard]] void* kobject(KObjectType type) const {
    return kobject_type_ == type ? kobject_ : nullptr;
  }
  [[nodiscard]] bool is_kernel_object() const { return kobject_type_ != KObjectType::kNone; }
  void set_kobject(KObjectType type, void* object, NoSendersHook no_senders = nullptr);

  // --- counted rights; use the classes of right.h where a right is held
  [[nodiscard]] uint32_t send_rights() const { return srights_; }
  [[nodiscard]] uint32_t send_once_rights() const { return sorights_; }
  [[nodiscard]] mach_port_mscount_t make_send_count() const { return mscount_; }
  void set_make_send_count(mach_port_mscount_t count) { mscount_ = count; }
  void count_make_send() { ++mscount_; }
  void add_send_right() {
    if (srights_++ == 0) retain();
  }
  // May generate the no-senders notification and may free the port.
  void drop_send_right() {
    if (--srights_ == 0) last_send_right_dropped();
  }
  void add_send_once_right() {
    if (sorights_++ == 0) retain();
  }
  // No notification; may free the port.
  [[gnu::always_inline]] void drop_send_once_right() {
    if (--sorights_ == 0) release();
  }

  // --- queue
  [[nodiscard]] mach_port_seqno_t seqno() const { return seqno_; }
  void set_seqno(mach_port_seqno_t seqno) { seqno_ = seqno; }
  mach_port_seqno_t next_seqno() { return seqno_++; }
  [[nodiscard]] uint32_t message_count() const { return msgcount_; }
  [[nodiscard]] uint32_t queue_limit() const { return qlimit_; }
  // Lets blocked senders in when the limit rises.
  void set_queue_limit(uint32_t limit);
  // Where receivers of this port's messages wait: the set it is in, or the port.
  [[nodiscard]] ReceivePoint& receive_point();
  // A message could be dequeued now (queued, or in the hands of a blocked sender).
  [[nodiscard]] bool has_message() const { return pending_ != 0; }
  // A message would be taken without waiting.
  [[nodiscard]] bool has_room();
  // Size of the message dequeue() would return; has_message() must hold.
  [[nodiscard]] mach_msg_size_t next_message_size();

  // Hands the message to a waiting receiver or queues it whatever the limit. The port must be
  // active. Takes care of nothing else: see send.h. The receiver is made runnable, or with `wake`
  // left to the caller to wake.
  void post(MessagePtr message, PendingWake* wake = nullptr);
  // Removes the first message (has_message() must hold), stamps it and lets a blocked sender in.
  MessagePtr dequeue();
  // Hands queued messages to threads that wait at the receive point (the port joined a set).
  void serve_receivers();
  // Puts a sender that waits for room at the end of the line; `sender.message` is its message.
  void add_blocked_sender(ThreadIpc& sender);
  // A sender stopped waiting by itself.
  void remove_blocked_sender(ThreadIpc& sender);

  // --- port set
  [[nodiscard]] PortSet* set() const { return set_; }
  base::ListLink set_link;    // among the set's members
  base::ListLink ready_link;  // among the set's members that have messages

  // --- notification requests
  // Each registers `request` and returns the one registered before.
  NotifyRequest swap_port_destroyed(NotifyRequest request);
  NotifyRequest swap_no_senders(NotifyRequest request);
  [[nodiscard]] bool has_port_destroyed_request() const { return pd_request_.armed(); }
  [[nodiscard]] bool has_no_senders_request() const { return ns_request_.armed(); }
  // Generates a requested no-senders notification now.
  void fire_no_senders();
  DeadNameList& dead_name_requests() { return dn_requests_; }

  // A send-once right was destroyed: sends the notification, or owes it when memory is short.
  void send_once_right_destroyed();
  // Sends owed notifications as far as memory goes. Called when somebody wants to receive.
  static void pay_debts();
  base::ListLink debtor_link;  // ports that owe notifications

  static uint32_t live_count();

 private:
  friend class base::RefCounted<Port>;
  friend class PortSet;
  Port();
  ~Port();
  void last_send_right_dropped();
  // Gives the message to the first waiting receiver it fits. False: nobody took it.
  bool offer(MessagePtr& message, PendingWake* wake);
  MessagePtr pop_message();
  void message_left(Message& message);
  void admit_blocked_senders();
  void queue_changed();
  void release_blocked_senders();
  void notify_dead_names();

  Space* receiver_ = nullptr;
  mach_port_t receiver_name_ = MACH_PORT_NULL;
  KObjectType kobject_type_ = KObjectType::kNone;
  void* kobject_ = nullptr;
  NoSendersHook no_senders_hook_ = nullptr;
  uint32_t srights_ = 0;
  uint32_t sorights_ = 0;
  mach_port_mscount_t mscount_ = 0;
  mach_port_seqno_t seqno_ = 0;
  uint32_t qlimit_ = MACH_PORT_QLIMIT_DEFAULT;
  uint32_t msgcount_ = 0;
  // Messages that dequeue() can return: queued ones and those of blocked senders.
  uint32_t pending_ = 0;
  // Send-once notifications that found no memory (see pay_debts).
  uint32_t owed_send_once_ = 0;
  PortSet* set_ = nullptr;
  MessageList messages_;
  ThreadList blocked_senders_;
  // Destination of the message that carries the receive right (chains are walked to find loops).
  base::Ref<Port> destination_;
  NotifyRequest pd_request_;
  NotifyRequest ns_request_;
  DeadNameList dn_requests_;
};

inline Port* Entry::port() const { return static_cast<Port*>(object); }

}  // namespace ipc
