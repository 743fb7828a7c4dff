// Pager: the kernel's end of the conversation with a memory manager about one object
// (book chapter 5).
//
//   (1) vm_map of a memory object port without a Pager: create the Pager and its control and name
//       ports, send memory_object_init. Faults wait until ...
//   (2) ... memory_object_ready (or set_attributes) makes it ready.
//   (3) A fault on a missing page: placeholder page, memory_object_data_request.
//   (4) data_supply / data_provided / data_unavailable / data_error fill the placeholder and wake.
//   (5) Page-out and lock_request return pages with data_return (data_write for old managers).
//   (6) The last mapping goes: cached, or memory_object_terminate with the receive rights.
// For memory of vm_allocate the first page-out replaces (1) and (2): memory_object_create to the
// default memory manager, data_initialize with the page.
#pragma once

#include <mach/memory_object.h>

#include <cstdint>

#include "kernel/ipc/port.h"
#include "kernel/ipc/right.h"
#include "kernel/kern/live_count.h"
#include "kernel/vm/object.h"
#include "kernel/vm/offset_set.h"
#include "libs/base/list.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace vm {

enum class CopyStrategy : uint8_t { kNone = 0, kCall = 1, kDelay = 2, kTemporary = 3 };

// Whether a strategy number from a manager is one of the above.
constexpr bool valid_copy_strategy(int s) { return s >= 0 && s <= 3; }

// Which message returns pages: memory_object_data_return, or the old memory_object_data_write.
enum class PagerDialect : uint8_t { kCurrent, kOld };

// Guarded by graph_lock. The object owns the pager; requests from the manager hold references.
class Pager : public base::RefCounted<Pager>, public kern::LiveCounted<Pager> {
 public:
  // Ports for an object; nothing is sent. KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Pager>> create(ipc::SendRight memory_object);
  // For kernel-made memory: also makes the memory object port, whose receive right is kept in
  // `new_object` until memory_object_create passes it on.
  static base::Result<base::Ref<Pager>> create_internal();

  // The object; null once it has been terminated.
  [[nodiscard]] Object* object() const { return object_; }
  void set_object(Object* object) { object_ = object; }

  [[nodiscard]] const ipc::SendRight& memory_object() const { return memory_object_; }
  [[nodiscard]] ipc::Port* control_port() const { return control_.port(); }
  [[nodiscard]] ipc::Port* name_port() const { return name_.port(); }

  // Offsets in messages are relative to this offset of the object.
  [[nodiscard]] Offset base() const { return base_; }
  void set_base(Offset base) { base_ = base; }

  // The manager's port died: nothing more will come.
  [[nodiscard]] bool dead() const;

  bool ready = false;
  bool may_cache = false;
  bool internal = false;  // of kernel-made memory: the default memory manager's
  PagerDialect dialect = PagerDialect::kCurrent;
  CopyStrategy strategy = CopyStrategy::kNone;
  // Internal pagers: which offsets (relative to base) the manager has data for.
  OffsetSet paged_out;
  // Some were taken out of paged_out whose old contents the manager still has: contents are sent
  // with data_return only, which it may not ignore.
  bool forgotten = false;
  // Other pagers: for which offsets (relative to base) the manager has no data. Of objects made by
  // memory_object_copy it leaves them to the object that was copied. Of others these are pages that it
  // was not asked for; the next fault fills them with zeros, once.
  OffsetSet unavailable;

  // Other pagers: where modified pages were returned while the manager had requests to answer (relative
  // to base). What comes there beside what was asked for may have been read before the page came back.
  OffsetSet returned;
  // The set could not be extended: it stands for all offsets.
  bool returned_everywhere = false;
  [[nodiscard]] bool accepts_unasked(Offset at) const {
    return !returned_everywhere && !returned.contains(at);
  }
  void forget_returned() {
    returned.clear();
    returned_everywhere = false;
  }

  // Gives up the ports at termination; they no longer reach this pager.
  struct Ports {
    ipc::SendRight memory_object;
    ipc::ReceiveRight control;
    ipc::ReceiveRight name;
  };
  Ports take_ports();
  // For memory_object_create.
  ipc::ReceiveRight take_new_object() { return std::move(new_object_); }

  base::ListLink registry_link;  // bucket of the registry (pager_registry.h)
  base::ListLink cache_link;     // unreferenced objects kept for later

  ~Pager();

 private:
  Pager() = default;
  base::Status make_ports();

  Object* object_ = nullptr;
  ipc::SendRight memory_object_;
  ipc::ReceiveRight new_object_;
  ipc::ReceiveRight control_;
  ipc::ReceiveRight name_;
  Offset base_ = 0;
};

// The pager a control port stands for; null for other ports.
base::Ref<Pager> pager_of_control_port(ipc::Port* port);

}  // namespace vm
