// The objects of memory managers, by memory object port, and the cache of those without users.
#pragma once

#include "kernel/ipc/right.h"
#include "kernel/vm/object.h"
#include "kernel/vm/pager.h"

namespace vm {

// The object for a memory object port, made (memory_object_init) at the first use.
// KERN_INVALID_ARGUMENT: no live port. KERN_RESOURCE_SHORTAGE. graph_lock not held.
base::Result<base::Ref<Object>> object_for_port(ipc::SendRight memory_object);

// The object that its manager provides as a copy of [start, end) of `original`, whose copy strategy
// is MEMORY_OBJECT_COPY_CALL: memory_object_copy, then memory_object_init for the copy. Resident
// pages of the original are locked against writing. graph_lock held. KERN_RESOURCE_SHORTAGE.
base::Result<base::Ref<Object>> copy_by_manager(Object& original, Offset start, Offset end);

// A port by which vm_map can map an object of the kernel's own (device_map): the object lives as
// long as the port has senders or it is mapped. Mappings get at most `max_protection`.
// KERN_RESOURCE_SHORTAGE.
base::Result<ipc::SendRight> export_object(base::Ref<Object> object,
                                           vm_prot_t max_protection = VM_PROT_ALL);

// Objects without references whose managers allow caching (may_cache). Under graph_lock.
class PagerCache {
 public:
  // The last reference to a managed object went. False: it is not to be kept.
  static bool keep(Object& object);
  // Somebody refers to a cached object again, or it ends.
  static void take_out(Pager& pager);
  // Whether the object is unreferenced and kept.
  static bool holds(const Pager& pager) { return pager.cache_link.linked(); }
};

// Returns the object's modified pages (unless temporary), then memory_object_terminate; afterwards
// the object has no pager. Under graph_lock.
void terminate_pager(Object& object);

}  // namespace vm
