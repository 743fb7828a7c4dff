// Virtual memory calls (book chapter 4): decode and delegate to vm::Map.
#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/rpc/mach_host_server.h"
#include "kernel/rpc/mach_server.h"
#include "kernel/vm/map.h"
#include "kernel/vm/pager_registry.h"
#include "kernel/vm/statistics.h"

namespace rpc {
namespace {

vm::Placement placement(boolean_t anywhere) {
  return anywhere ? vm::Placement::kAnywhere : vm::Placement::kFixed;
}

bool is_page_aligned(uint32_t value) { return (value & vm::kPageMask) == 0; }

// Finds what vm_map is to map: the object of the memory manager, or a copy of a part of it.
base::Status set_object(vm::MapRequest& request, SendRight memory_object, bool copy) {
  if (!is_page_aligned(request.offset) || request.size > vm::kUserEnd) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  const vm::Size size = vm::round_page(request.size);
  if (size > vm::trunc_page(UINT32_MAX) - request.offset) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  request.object = TRY(vm::object_for_port(std::move(memory_object)));
  if (!copy) return {};
  request.object = TRY(vm::copy_of_object(request.object, request.offset, size));
  request.needs_copy = request.object->internal() && !request.object->is_physical();
  return {};
}

// Lets go of an object that was not mapped: object references are dropped under the lock.
void drop_object(vm::MapRequest& request) {
  vm::GraphLock lock;
  request.object = nullptr;
}

}  // namespace

kern_return_t vm_allocate(MapRef map, vm_address_t* address, vm_size_t size, boolean_t anywhere) {
  if (!map) return KERN_INVALID_ARGUMENT;
  *address = TRY_CODE(map->allocate(*address, size, placement(anywhere)));
  return KERN_SUCCESS;
}

kern_return_t vm_deallocate(MapRef map, vm_address_t address, vm_size_t size) {
  if (!map) return KERN_INVALID_ARGUMENT;
  return map->deallocate(address, size).code();
}

kern_return_t vm_protect(MapRef map, vm_address_t address, vm_size_t size, boolean_t set_maximum,
                         vm_prot_t new_protection) {
  if (!map) return KERN_INVALID_ARGUMENT;
  const auto kind = set_maximum ? vm::ProtectionKind::kMaximum : vm::ProtectionKind::kCurrent;
  return map->protect(address, size, kind, new_protection).code();
}

kern_return_t vm_inherit(MapRef map, vm_address_t address, vm_size_t size,
                         vm_inherit_t new_inheritance) {
  if (!map) return KERN_INVALID_ARGUMENT;
  return map->inherit(address, size, new_inheritance).code();
}

kern_return_t vm_read(MapRef map, vm_address_t address, vm_size_t size, MapCopyPtr* data,
                      mach_msg_type_number_t* dataCnt) {
  if (!map || !is_page_aligned(address) || !is_page_aligned(size)) return KERN_INVALID_ARGUMENT;
  // The reply would otherwise be received without its data (MACH_RCV_BODY_ERROR).
  if (size <= vm::kUserEnd && !kern::current_task().map().has_room(size)) return KERN_NO_SPACE;
  *data = TRY_CODE(map->copyin(address, size, vm::SourceAction::kKeep));
  *dataCnt = size;
  return KERN_SUCCESS;
}

kern_return_t vm_write(MapRef map, vm_address_t address, MapCopyPtr data,
                       mach_msg_type_number_t dataCnt) {
  if (!map) return KERN_INVALID_ARGUMENT;
  if (dataCnt == 0 || !data) return is_page_aligned(address) ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
  return map->overwrite(address, std::move(data)).code();
}

kern_return_t vm_copy(MapRef map, vm_address_t source_address, vm_size_t size,
                      vm_address_t dest_address) {
  if (!map) return KERN_INVALID_ARGUMENT;
  return map->copy_within(source_address, size, dest_address).code();
}

kern_return_t vm_region(MapRef map, vm_address_t* address, vm_size_t* size, vm_prot_t* protection,
                        vm_prot_t* max_protection, vm_inherit_t* inheritance, boolean_t* is_shared,
                        SendRight* object_name, vm_offset_t* offset) {
  if (!map) return KERN_INVALID_ARGUMENT;
  const vm::RegionInfo region = TRY_CODE(map->region(*address));
  *address = region.address;
  *size = region.size;
  *protection = region.protection;
  *max_protection = region.max_protection;
  *inheritance = region.inheritance;
  *is_shared = region.shared;
  *offset = region.offset;
  if (region.pager && region.pager->name_port()) {
    *object_name = ipc::make_send(*region.pager->name_port());
  }
  return KERN_SUCCESS;
}

kern_return_t vm_statistics(MapRef map, vm_statistics_data_t* vm_stats) {
  if (!map) return KERN_INVALID_HOST;
  *vm_stats = vm::statistics();
  return KERN_SUCCESS;
}

kern_return_t vm_map(MapRef map, vm_address_t* address, vm_size_t size, vm_address_t mask,
                     boolean_t anywhere, SendRight memory_object, vm_offset_t offset,
                     boolean_t copy, vm_prot_t cur_protection, vm_prot_t max_protection,
                     vm_inherit_t inheritance) {
  if (!map) return KERN_INVALID_ARGUMENT;
  vm::MapRequest request;
  request.address = *address;
  request.size = size;
  request.mask = mask;
  request.placement = placement(anywhere);
  request.protection = cur_protection;
  request.max_protection = max_protection;
  request.inheritance = inheritance;
  if (memory_object.is_dead()) return KERN_INVALID_ARGUMENT;
  if (memory_object) {
    request.offset = offset;
    const base::Status found = set_object(request, std::move(memory_object), copy);
    if (!found.ok()) {
      drop_object(request);
      return found.code();
    }
  }
  *address = TRY_CODE(map->map(std::move(request)));
  return KERN_SUCCESS;
}

kern_return_t vm_machine_attribute(MapRef map, vm_address_t address, vm_size_t size,
                                   vm_machine_attribute_t attribute,
                                   vm_machine_attribute_val_t* value) {
  if (!map) return KERN_INVALID_ARGUMENT;
  return map->machine_attribute(address, size, attribute, *value).code();
}

kern_return_t vm_wire(HostPrivRef host_priv, MapRef map, vm_address_t address, vm_size_t size,
                      vm_prot_t wired_access) {
  if (!host_priv) return KERN_INVALID_HOST;
  if (!map) return KERN_INVALID_TASK;
  return map->wire(address, size, wired_access).code();
}

}  // namespace rpc
