// Calls of memory managers to the kernel (book chapter 5): decode and delegate to vm/pager_control.
#include "kernel/rpc/mach_server.h"
#include "kernel/vm/pager_control.h"

namespace rpc {

kern_return_t memory_object_data_provided(MemoryControlRef control, vm_offset_t offset,
                                          MapCopyPtr data, mach_msg_type_number_t,
                                          vm_prot_t lock_value) {
  if (!control || !data) return KERN_INVALID_ARGUMENT;
  return vm::supply_data(*control, offset, std::move(data), lock_value, false, {});
}

kern_return_t memory_object_data_supply(MemoryControlRef control, vm_offset_t offset,
                                        MapCopyPtr data, mach_msg_type_number_t,
                                        vm_prot_t lock_value, boolean_t precious,
                                        AnyRight reply_to) {
  if (!control || !data) return KERN_INVALID_ARGUMENT;
  return vm::supply_data(*control, offset, std::move(data), lock_value, precious,
                         std::move(reply_to));
}

kern_return_t memory_object_data_unavailable(MemoryControlRef control, vm_offset_t offset,
                                             vm_size_t size) {
  if (!control) return KERN_INVALID_ARGUMENT;
  return vm::data_unavailable(*control, offset, size);
}

kern_return_t memory_object_data_error(MemoryControlRef control, vm_offset_t offset,
                                       vm_size_t size, kern_return_t) {
  if (!control) return KERN_INVALID_ARGUMENT;
  return vm::data_error(*control, offset, size);
}

kern_return_t memory_object_lock_request(MemoryControlRef control, vm_offset_t offset,
                                         vm_size_t size, memory_object_return_t should_return,
                                         boolean_t should_flush, vm_prot_t lock_value,
                                         AnyRight reply_to) {
  if (!control) return KERN_INVALID_ARGUMENT;
  return vm::lock_request(*control, offset, size, should_return, should_flush, lock_value,
                          std::move(reply_to));
}

kern_return_t memory_object_get_attributes(MemoryControlRef control, boolean_t* object_ready,
                                           boolean_t* may_cache,
                                           memory_object_copy_strategy_t* copy_strategy) {
  if (!control) return KERN_INVALID_ARGUMENT;
  const vm::PagerAttributes a = vm::get_attributes(*control);
  *object_ready = a.ready;
  *may_cache = a.may_cache;
  *copy_strategy = a.copy_strategy;
  return KERN_SUCCESS;
}

kern_return_t memory_object_ready(MemoryControlRef control, boolean_t may_cache,
                                  memory_object_copy_strategy_t copy_strategy) {
  if (!control) return KERN_INVALID_ARGUMENT;
  return vm::set_attributes(*control, {true, may_cache != 0, copy_strategy},
                            vm::PagerDialect::kCurrent);
}

kern_return_t memory_object_set_attributes(MemoryControlRef control, boolean_t object_ready,
                                           boolean_t may_cache,
                                           memory_object_copy_strategy_t copy_strategy) {
  if (!control) return KERN_INVALID_ARGUMENT;
  return vm::set_attributes(*control, {object_ready != 0, may_cache != 0, copy_strategy},
                            vm::PagerDialect::kOld);
}

kern_return_t memory_object_change_attributes(MemoryControlRef control, boolean_t may_cache,
                                              memory_object_copy_strategy_t copy_strategy,
                                              AnyRight reply_to) {
  if (!control) return KERN_INVALID_ARGUMENT;
  return vm::change_attributes(*control, may_cache != 0, copy_strategy, std::move(reply_to));
}

kern_return_t memory_object_destroy(MemoryControlRef control, kern_return_t) {
  if (!control) return KERN_INVALID_ARGUMENT;
  vm::destroy_object(*control);
  return KERN_SUCCESS;
}

}  // namespace rpc
