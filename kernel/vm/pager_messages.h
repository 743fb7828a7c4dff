// The messages of the kernel to memory managers (book chapter 5; ids 2200 and 2250). Each is built
// under graph_lock and sent when the lock is released (outbox.h). Offsets are those of the object.
// Those with a Status fail with KERN_RESOURCE_SHORTAGE, and then nothing is sent.
#pragma once

#include "kernel/ipc/right.h"
#include "kernel/vm/message_builder.h"
#include "kernel/vm/pager.h"

namespace vm {

base::Status post_init(Pager& pager);
base::Status post_data_request(Pager& pager, Offset offset, Size size, vm_prot_t access);
// The same for a manager's thread that waits for it right now: the thread has the message and is to be woken
// or handed the processor. Null: there is none. graph_lock not held.
kern::Thread* hand_data_request(Pager& pager, Offset offset, Size size, vm_prot_t access);
base::Status post_data_unlock(Pager& pager, Offset offset, Size size, vm_prot_t access);
// memory_object_create to `manager`, with the receive right for the new object.
base::Status post_create(Pager& pager, const ipc::SendRight& manager, Size size);
// memory_object_copy of [offset, offset + size), with the receive right for the copy's object.
base::Status post_copy(Pager& pager, Offset offset, Size size, ipc::ReceiveRight new_object);
// memory_object_terminate; the pager loses its ports.
void post_terminate(Pager& pager);

// Completions, to the port the manager named; for a null right nothing is sent.
void post_lock_completed(Pager& pager, ipc::AnyRight reply, Offset offset, Size size);
void post_supply_completed(Pager& pager, ipc::AnyRight reply, Offset offset, Size size,
                           kern_return_t result, Offset error_offset);
void post_change_completed(Pager& pager, ipc::AnyRight reply);

// Whether the kernel still has the pages it returns.
enum class KernelCopy : uint8_t { kGone, kKept };

// Whether the manager has had contents for a page before. For kernel-made memory only the first
// contents are sent with data_initialize: a manager ignores a second one.
enum class ReturnKind : uint8_t { kFirst, kAgain };

// data_return, data_write (old managers) or data_initialize: allocated before the pages are taken
// from their object, so that none is lost.
class ReturnMessage {
 public:
  ReturnMessage(Pager& pager, ReturnKind kind);
  explicit operator bool() const { return bool(builder_); }
  void post(Pager& pager, Offset offset, MapCopyPtr data, bool dirty, KernelCopy kernel_copy);

 private:
  const mach_msg_id_t id_;
  MessageBuilder builder_;
};

}  // namespace vm
