// What memory managers ask of the kernel through a memory cache control port (book chapter 5).
// Offsets and sizes are as in the messages; graph_lock is not held. Requests for an object that has
// ended do nothing.
#pragma once

#include "kernel/ipc/right.h"
#include "kernel/vm/map_copy.h"
#include "kernel/vm/pager.h"

namespace vm {

// memory_object_data_supply, memory_object_data_provided (not precious, no reply). Accepts whole
// pages up to the first that is resident already. May block for the data. KERN_INVALID_ARGUMENT.
kern_return_t supply_data(Pager& pager, Offset offset, MapCopyPtr data, vm_prot_t lock,
                          bool precious, ipc::AnyRight reply);
// memory_object_data_unavailable.
kern_return_t data_unavailable(Pager& pager, Offset offset, Size size);
// memory_object_data_error.
kern_return_t data_error(Pager& pager, Offset offset, Size size);
// memory_object_lock_request. KERN_INVALID_ARGUMENT; KERN_RESOURCE_SHORTAGE: not all pages could be
// returned, even after waiting for memory, and no completion is sent.
kern_return_t lock_request(Pager& pager, Offset offset, Size size,
                           memory_object_return_t should_return, bool should_flush, vm_prot_t lock,
                           ipc::AnyRight reply);

// Attributes, by all the calls that set some. KERN_INVALID_ARGUMENT.
struct PagerAttributes {
  bool ready = true;
  bool may_cache = false;
  int copy_strategy = MEMORY_OBJECT_COPY_NONE;
};
kern_return_t set_attributes(Pager& pager, const PagerAttributes& attributes,
                             PagerDialect dialect);
// memory_object_change_attributes: as above, without touching readiness.
kern_return_t change_attributes(Pager& pager, bool may_cache, int copy_strategy,
                                ipc::AnyRight reply);
PagerAttributes get_attributes(Pager& pager);
// memory_object_destroy.
void destroy_object(Pager& pager);

}  // namespace vm
