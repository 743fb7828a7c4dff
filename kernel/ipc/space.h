// Space: the port names of a task (book chapter 3).
#pragma once

#include <mach/message.h>
#include <mach/port.h>

#include <cstdint>

#include "kernel/ipc/name_table.h"
#include "kernel/ipc/port.h"
#include "kernel/ipc/port_set.h"
#include "kernel/ipc/right.h"
#include "kernel/kern/live_count.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace ipc {

// Names resolve to entries; entries hold rights. A right whose port died becomes a dead name when
// its name is next looked at (at once when a dead-name notification was requested).
//
// After terminate() every operation that takes a name fails with KERN_INVALID_TASK.
// Guard: the kernel is atomic between blocking points and no function here blocks.
class Space : public base::RefCounted<Space>, public kern::LiveCounted<Space> {
 public:
  // KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Space>> create();
  // Destroys all rights; the task is gone. Idempotent.
  void terminate();
  [[nodiscard]] bool active() const { return active_; }

  // --- names
  // The entry of a name, with dead names made visible; null when it denotes nothing.
  [[nodiscard]] Entry* lookup(mach_port_t name) {
    Entry* e = names_.find(name);
    if (e != nullptr && e->has(kSendBit | kSendOnceBit) && !e->object->active()) [[unlikely]] {
      make_dead(*e);
    }
    return e;
  }
  // The port whose receive right `name` denotes. KERN_INVALID_NAME, KERN_INVALID_RIGHT.
  [[nodiscard]] base::Result<Port*> receive_port(mach_port_t name);
  // A send-once right for a port this space receives from (notify arguments of mach_msg); null if
  // `name` does not denote a receive right.
  SendOnceRight make_notify_right(mach_port_t name);
  // The port of a send right, shared for a moment: null when `name` denotes none. For traps.
  [[nodiscard]] Port* send_port(mach_port_t name);
  // The entry with which this space names the port (receive and/or send right), or null.
  [[nodiscard]] Entry* find_port(Port& port);

  // --- creating (mach_port_allocate*)
  base::Result<mach_port_t> allocate_port();
  base::Result<mach_port_t> allocate_right(mach_port_right_t right);
  base::Status allocate_right_at(mach_port_right_t right, mach_port_t name);

  // --- rights leaving the space
  // True if take() with this disposition (MACH_MSG_TYPE_...) would work now.
  [[nodiscard]] static bool can_take(const Entry& e, mach_msg_type_name_t disposition);
  // Takes what the disposition says. A dead name gives a dead right (send kinds). If the name goes
  // away, a dead-name request on it gives a port-deleted notification, unless its notify port is
  // `cancel_for`.
  AnyRight take(Entry& e, mach_msg_type_name_t disposition, const Port* cancel_for = nullptr);
  // Lookup, check and take. KERN_INVALID_NAME, KERN_INVALID_RIGHT, KERN_INVALID_TASK.
  base::Result<AnyRight> copyin(mach_port_t name, mach_msg_type_name_t disposition);

  // --- rights entering the space
  // Gives the space a right and returns its name: MACH_PORT_NULL or MACH_PORT_DEAD for null and
  // dead (a right whose port has died is dropped). On error the right is destroyed.
  // KERN_NO_SPACE, KERN_RESOURCE_SHORTAGE.
  struct CopyoutResult {
    mach_port_t name;
    Entry* fresh;  // the entry if the right got a new name
  };
  base::Result<CopyoutResult> copyout_entry(AnyRight right);
  base::Result<mach_port_t> copyout(AnyRight right);
  // As copyout, without dead or null, under a chosen name (mach_port_insert_right).
  base::Status copyout_at(AnyRight right, mach_port_t name);

  // --- changing rights (mach_port_...; errors as in the book)
  base::Status destroy(mach_port_t name);
  base::Status deallocate(mach_port_t name);
  base::Status modify_refs(mach_port_t name, mach_port_right_t right, mach_port_delta_t delta);
  base::Result<mach_port_urefs_t> refs(mach_port_t name, mach_port_right_t right);
  base::Status rename(mach_port_t old_name, mach_port_t new_name);
  base::Status move_member(mach_port_t member, mach_port_t set);
  base::Result<mach_port_type_t> type(mach_port_t name);
  [[nodiscard]] static mach_port_type_t type_of(const Entry& e);

  // --- requests (mach_port_request_notification and RCV_NOTIFY)
  // Registers, replaces or (null) cancels; returns the send-once right registered before.
  base::Result<SendOnceRight> request_dead_name(mach_port_t name, mach_port_mscount_t sync,
                                                SendOnceRight notify);
  // Registers on a live right that has no request yet. KERN_RESOURCE_SHORTAGE.
  base::Status add_dead_name_request(Entry& e, SendOnceRight notify);

  NameTable& names() { return names_; }

  // --- for Port
  // The port of a dead-name request died: turns the entry into a dead name and notifies.
  void port_died(DeadNameRequest& request);

  // --- for the message path: the receive right's entry alone, without checks
  // A new name for a send-once right, which the caller counts. Null when the table must grow.
  [[nodiscard, gnu::always_inline]] Entry* try_add_send_once(Port& port) {
    Entry* e = names_.try_allocate();
    if (e == nullptr) [[unlikely]] return nullptr;
    e->object = &port;
    e->rights = kSendOnceBit;
    return e;
  }
  // Gives up the name of a send-once right (entry without request) but not the right.
  [[gnu::always_inline]] void remove_send_once(Entry& e) {
    e.object = nullptr;
    e.rights = 0;
    names_.release(e);
  }

 private:
  friend class base::RefCounted<Space>;
  Space() = default;
  ~Space() = default;

  void make_dead(Entry& e);
  // The name denotes nothing any more: port-deleted notification, then the name is free.
  void release_name(Entry& e, const Port* cancel_for = nullptr);
  // Removes one kind of right; the entry may be gone afterwards.
  void drop_send(Entry& e, uint32_t count);
  void destroy_receive(Entry& e);
  void destroy_entry(Entry& e);
  void remove_send_bit(Entry& e);
  AnyRight take_dead(Entry& e, mach_msg_type_name_t disposition);
  SendRight take_send(Entry& e, const Port* cancel_for);
  ReceiveRight take_receive(Entry& e, const Port* cancel_for);
  void add_send(Entry& e, SendRight right);
  void add_receive(Entry& e, ReceiveRight right);
  base::Status fill(Entry& e, mach_port_right_t right);
  base::Status check_modify(const Entry& e, mach_port_right_t right, mach_port_delta_t delta);
  base::Result<SendOnceRight> notify_dead_name_now(Entry& e, SendOnceRight notify);
  SendOnceRight remove_dead_name_request(Entry& e);

  struct PortKey {
    using Type = const ReceivePoint*;
    static Type of(const Entry& e) { return e.object; }
    static uint32_t hash(Type p) {
      return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(p) >> 4) * 2654435761u;
    }
  };

  NameTable names_;
  EntryHash<PortKey, &Entry::reverse_next> send_entries_;
  bool active_ = true;
};

}  // namespace ipc
