#include "default_pager/pager.h"

#include <mach.h>
#include <mach_debug/mach_debug.h>
#include <mach_debug/mach_debug_types.h>
#include <mach/memory_object_user.h>

#include <algorithm>
#include <cstdio>
#include <new>

namespace default_pager {
namespace {

void release(mach_port_t right) {
  if (right != MACH_PORT_NULL) (void)mach_port_deallocate(mach_task_self(), right);
}

void unmap(vm_address_t address, vm_size_t size) {
  if (size != 0) (void)vm_deallocate(mach_task_self(), address, size);
}

// Whether the kernel still has the object behind a control port. When it has ended, the receive right for the port lies
// in memory_object_terminate, which waits to be received here: what is sent to it waits for the sender, for ever when
// the port is full.
bool is_alive(mach_port_t control) {
  unsigned int kind = IKOT_NONE;
  vm_offset_t unused = 0;
  return mach_port_kernel_object(mach_task_self(), control, &kind, &unused) == KERN_SUCCESS &&
         kind == IKOT_PAGING_REQUEST;
}

// Moves memory to the kernel's object; it is gone in any case.
void supply(mach_port_t control, vm_offset_t offset, vm_address_t address, vm_size_t size,
            boolean_t precious) {
  if (!is_alive(control)) return unmap(address, size);
  if (memory_object_data_supply(control, offset, address, size, TRUE, VM_PROT_NONE, precious,
                                MACH_PORT_NULL) != KERN_SUCCESS) {
    unmap(address, size);  // the object has ended
  }
}

}  // namespace

Pager::PagedObject* Pager::find(mach_port_t memory_object) {
  const auto found = objects_.find(memory_object);
  return found == objects_.end() ? nullptr : &found->second;
}

// Null when memory is short.
Pager::PagedObject* Pager::add(mach_port_t memory_object, Origin origin, vm_size_t size) {
  const uint32_t pages = size / kPageSize + (size % kPageSize != 0 ? 1 : 0);
  try {
    const auto added = objects_.try_emplace(memory_object, origin, ++last_number_, pages, memory_);
    return &added.first->second;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void Pager::remove(mach_port_t memory_object) {
  PagedObject* object = find(memory_object);
  if (object == nullptr) return;
  if (object->map.stored_pages() != 0) exhausted_ = false;
  store_.release(object->map);
  objects_.erase(memory_object);
  (void)mach_port_mod_refs(mach_task_self(), memory_object, MACH_PORT_RIGHT_RECEIVE, -1);
}

bool Pager::covers(const PagedObject& object, vm_offset_t offset, vm_size_t size) {
  if (offset % kPageSize != 0 || size == 0 || size % kPageSize != 0) return false;
  const uint32_t first = offset / kPageSize;
  return first < object.pages && size / kPageSize <= object.pages - first;
}

kern_return_t Pager::memory_object_create(mach_port_t old_memory_object,
                                          mach_port_t new_memory_object,
                                          vm_size_t new_object_size, mach_port_t new_control,
                                          mach_port_t new_name, vm_size_t new_page_size) {
  if (old_memory_object != self_ || new_page_size != kPageSize) return KERN_INVALID_ARGUMENT;
  // Without memory the port dies, and the kernel keeps the pages.
  if (add(new_memory_object, Origin::kKernel, new_object_size) == nullptr) {
    return KERN_RESOURCE_SHORTAGE;
  }
  if (mach_port_move_member(mach_task_self(), new_memory_object, set_) != KERN_SUCCESS) {
    objects_.erase(new_memory_object);
    return KERN_RESOURCE_SHORTAGE;
  }
  release(new_control);
  release(new_name);
  return KERN_SUCCESS;
}

// A task has mapped its object.
kern_return_t Pager::memory_object_init(mach_port_t memory_object, mach_port_t memory_control,
                                        mach_port_t memory_object_name,
                                        vm_size_t memory_object_page_size) {
  if (find(memory_object) == nullptr || memory_object_page_size != kPageSize) {
    return KERN_INVALID_ARGUMENT;
  }
  // Not cached: the last mapping's end brings the pages back, whoever has a send right then.
  (void)memory_object_ready(memory_control, FALSE, MEMORY_OBJECT_COPY_DELAY);
  release(memory_control);
  release(memory_object_name);
  return KERN_SUCCESS;
}

kern_return_t Pager::memory_object_terminate(mach_port_t memory_object,
                                             mach_port_t memory_control,
                                             mach_port_t memory_object_name) {
  const PagedObject* object = find(memory_object);
  if (object != nullptr && object->origin == Origin::kKernel) remove(memory_object);
  // Receive rights, with what else there may be under their names.
  (void)mach_port_destroy(mach_task_self(), memory_control);
  (void)mach_port_destroy(mach_task_self(), memory_object_name);
  return KERN_SUCCESS;
}

// Never asked for with the copy strategy used here.
kern_return_t Pager::memory_object_copy(mach_port_t, mach_port_t, vm_offset_t, vm_size_t,
                                        mach_port_t) {
  return KERN_INVALID_ARGUMENT;
}

uint32_t Pager::answer(PagedObject& object, mach_port_t control, const Store::Extent& extent,
                       vm_offset_t offset) {
  const vm_size_t size = extent.count * kPageSize;
  if (extent.kind == kKernelHolds) return extent.count;  // supplied when there was no room for it
  if (extent.kind == kNoSlot) {
    (void)memory_object_data_unavailable(control, offset, size);
    return extent.count;
  }
  auto block = store_.read(extent);
  if (!block.ok()) {
    std::printf("default_pager: object %u: cannot read %u bytes at 0x%x back\n", object.number,
                size, offset);
    (void)memory_object_data_error(control, offset, size, block.code());
    return extent.count;
  }
  const std::span<std::byte> pages = block.value().take();
  supply(control, offset, reinterpret_cast<vm_address_t>(pages.data()), pages.size(), FALSE);
  return static_cast<uint32_t>(pages.size() / kPageSize);
}

kern_return_t Pager::memory_object_data_request(mach_port_t memory_object,
                                                mach_port_t memory_control, vm_offset_t offset,
                                                vm_size_t length, vm_prot_t) {
  if (!is_alive(memory_control)) {
    release(memory_control);
    return KERN_SUCCESS;
  }
  PagedObject* object = find(memory_object);
  if (object == nullptr || !covers(*object, offset, length)) {
    (void)memory_object_data_error(memory_control, offset, length, KERN_INVALID_ARGUMENT);
    release(memory_control);
    return KERN_SUCCESS;
  }
  uint32_t page = offset / kPageSize;
  for (const uint32_t end = page + length / kPageSize; page < end;) {
    const Store::Extent extent = Store::find(object->map, page, end - page);
    page += answer(*object, memory_control, extent, page * kPageSize);
  }
  release(memory_control);
  return KERN_SUCCESS;
}

kern_return_t Pager::memory_object_data_unlock(mach_port_t, mach_port_t memory_control,
                                               vm_offset_t offset, vm_size_t length, vm_prot_t) {
  // Nothing is ever supplied locked.
  (void)memory_object_lock_request(memory_control, offset, length, MEMORY_OBJECT_RETURN_NONE,
                                   FALSE, VM_PROT_NONE, MACH_PORT_NULL);
  release(memory_control);
  return KERN_SUCCESS;
}

void Pager::report_exhaustion() {
  if (exhausted_) return;
  exhausted_ = true;
  std::printf("default_pager: no paging space left (%u KiB in use); pages stay in memory\n",
              space_.total_pages() * (kPageSize / 1024));
}

// Takes `size` bytes at `address` over.
void Pager::store(PagedObject& object, mach_port_t control, vm_offset_t offset,
                  vm_address_t address, vm_size_t size) {
  const vm_size_t stored =
      kPageSize * store_.write(object.map, offset / kPageSize,
                               {reinterpret_cast<const std::byte*>(address), size});
  unmap(address, stored);
  if (stored == size) return;
  report_exhaustion();
  supply(control, offset + stored, address + stored, size - stored, TRUE);
}

kern_return_t Pager::keep(mach_port_t memory_object, mach_port_t control, vm_offset_t offset,
                          unsigned char* data, mach_msg_type_number_t size, Contents contents) {
  PagedObject* object = find(memory_object);
  if (object == nullptr || !covers(*object, offset, size)) return KERN_INVALID_ARGUMENT;
  const auto address = reinterpret_cast<vm_address_t>(data);
  if (contents == Contents::kLatest) {
    store(*object, control, offset, address, size);
  } else {
    // Only what is not known yet counts.
    for (vm_size_t done = 0; done < size;) {
      const uint32_t page = (offset + done) / kPageSize;
      const Store::Extent extent = Store::find(object->map, page, (size - done) / kPageSize);
      const vm_size_t part = extent.count * kPageSize;
      if (extent.kind == kNoSlot) {
        store(*object, control, offset + done, address + done, part);
      } else {
        unmap(address + done, part);
      }
      done += part;
    }
  }
  release(control);
  return KERN_SUCCESS;
}

kern_return_t Pager::memory_object_data_initialize(mach_port_t memory_object,
                                                   mach_port_t memory_control, vm_offset_t offset,
                                                   unsigned char* data,
                                                   mach_msg_type_number_t dataCnt) {
  return keep(memory_object, memory_control, offset, data, dataCnt, Contents::kFirst);
}

kern_return_t Pager::memory_object_data_write(mach_port_t memory_object,
                                              mach_port_t memory_control, vm_offset_t offset,
                                              unsigned char* data,
                                              mach_msg_type_number_t dataCnt) {
  return keep(memory_object, memory_control, offset, data, dataCnt, Contents::kLatest);
}

kern_return_t Pager::memory_object_data_return(mach_port_t memory_object,
                                               mach_port_t memory_control, vm_offset_t offset,
                                               unsigned char* data,
                                               mach_msg_type_number_t dataCnt, boolean_t,
                                               boolean_t) {
  return keep(memory_object, memory_control, offset, data, dataCnt, Contents::kLatest);
}

kern_return_t Pager::memory_object_lock_completed(mach_port_t, mach_port_t memory_control,
                                                  vm_offset_t, vm_size_t) {
  release(memory_control);
  return KERN_SUCCESS;
}

kern_return_t Pager::memory_object_supply_completed(mach_port_t, mach_port_t memory_control,
                                                    vm_offset_t, vm_size_t, kern_return_t,
                                                    vm_offset_t) {
  release(memory_control);
  return KERN_SUCCESS;
}

kern_return_t Pager::memory_object_change_completed(mach_port_t, boolean_t,
                                                    memory_object_copy_strategy_t) {
  return KERN_SUCCESS;
}

}  // namespace default_pager
