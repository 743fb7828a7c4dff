// What tasks ask of the default pager.
#include <mach.h>
#include <mach/notify.h>

#include <algorithm>
#include <new>

#include "default_pager/mach_swap_device.h"
#include "default_pager/pager.h"

namespace default_pager {
namespace {

// The largest size that a page-aligned vm_size_t can tell.
constexpr uint64_t kMaxBytes = 0xfffff000;

vm_size_t bytes_of(uint32_t pages) {
  return static_cast<vm_size_t>(std::min<uint64_t>(uint64_t{pages} * kPageSize, kMaxBytes));
}

// A receive right in `set` that tells itself when send rights have been made and all are gone.
kern_return_t make_object_port(mach_port_t set, mach_port_t* port) {
  kern_return_t code = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, port);
  if (code != KERN_SUCCESS) return code;
  mach_port_t previous = MACH_PORT_NULL;
  code = mach_port_request_notification(mach_task_self(), *port, MACH_NOTIFY_NO_SENDERS, 1, *port,
                                        MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
  if (code == KERN_SUCCESS) code = mach_port_move_member(mach_task_self(), *port, set);
  if (code != KERN_SUCCESS) (void)mach_port_destroy(mach_task_self(), *port);
  return code;
}

}  // namespace

kern_return_t Pager::default_pager_object_create(mach_port_t pager, mach_port_t* memory_object,
                                                 vm_size_t object_size) {
  if (pager != self_ || object_size == 0) return KERN_INVALID_ARGUMENT;
  const kern_return_t code = make_object_port(set_, memory_object);
  if (code != KERN_SUCCESS) return code;
  if (add(*memory_object, Origin::kTask, object_size) != nullptr) return KERN_SUCCESS;
  (void)mach_port_destroy(mach_task_self(), *memory_object);
  return KERN_RESOURCE_SHORTAGE;
}

kern_return_t Pager::default_pager_info(mach_port_t pager, vm_size_t* total, vm_size_t* free) {
  if (pager != self_) return KERN_INVALID_ARGUMENT;
  *total = bytes_of(space_.total_pages());
  *free = bytes_of(space_.free_pages());
  return KERN_SUCCESS;
}

// The ports are not given out: of the kernel's objects nobody else may have one, and whoever made
// another object has it.
kern_return_t Pager::default_pager_objects(mach_port_t pager, default_pager_object_t** objects,
                                           mach_msg_type_number_t* objectsCnt,
                                           mach_port_t** ports,
                                           mach_msg_type_number_t* portsCnt) {
  if (pager != self_) return KERN_INVALID_ARGUMENT;
  try {
    listed_objects_.clear();
    for (const auto& [port, object] : objects_) {
      listed_objects_.push_back({object.number, bytes_of(object.map.stored_pages())});
    }
    listed_ports_.assign(listed_objects_.size(), MACH_PORT_NULL);
  } catch (const std::bad_alloc&) {
    return KERN_RESOURCE_SHORTAGE;
  }
  const auto count = static_cast<mach_msg_type_number_t>(listed_objects_.size());
  if (count <= *objectsCnt) {
    std::ranges::copy(listed_objects_, *objects);
  } else {
    *objects = listed_objects_.data();
  }
  if (count <= *portsCnt) {
    std::ranges::copy(listed_ports_, *ports);
  } else {
    *ports = listed_ports_.data();
  }
  *objectsCnt = *portsCnt = count;
  return KERN_SUCCESS;
}

// The argument brought a send right, which coalesced with the receive right of the object's name.
kern_return_t Pager::default_pager_object_pages(mach_port_t pager, mach_port_t memory_object,
                                                default_pager_page_t** pages,
                                                mach_msg_type_number_t* pagesCnt) {
  const PagedObject* object = find(memory_object);
  if (pager != self_ || object == nullptr) return KERN_INVALID_ARGUMENT;
  try {
    listed_pages_.clear();
    object->map.for_each_stored(
        [this](uint32_t page, Slot) { listed_pages_.push_back({page * kPageSize}); });
  } catch (const std::bad_alloc&) {
    return KERN_RESOURCE_SHORTAGE;
  }
  const auto count = static_cast<mach_msg_type_number_t>(listed_pages_.size());
  if (count <= *pagesCnt) {
    std::ranges::copy(listed_pages_, *pages);
  } else {
    *pages = listed_pages_.data();
  }
  *pagesCnt = count;
  (void)mach_port_deallocate(mach_task_self(), memory_object);
  return KERN_SUCCESS;
}

kern_return_t Pager::default_pager_paging_file(mach_port_t pager, mach_port_t device_master,
                                               const char* filename, boolean_t add) {
  if (pager != self_) return KERN_INVALID_ARGUMENT;
  const kern_return_t code =
      add ? add_device(MachSwapDevice::open(device_master, filename, memory_)) : remove_device(filename);
  if (code == KERN_SUCCESS) (void)mach_port_deallocate(mach_task_self(), device_master);
  return code;
}

kern_return_t Pager::backing_add_file(mach_port_t pager, mach_port_t device_master, const char* name,
                                      const char* device, const paging_run_t* runs,
                                      mach_msg_type_number_t runsCnt) {
  if (pager != self_) return KERN_INVALID_ARGUMENT;
  const kern_return_t code =
      add_device(MachSwapDevice::open_runs(device_master, name, device, {runs, runsCnt}, memory_));
  if (code == KERN_SUCCESS) (void)mach_port_deallocate(mach_task_self(), device_master);
  return code;
}

kern_return_t Pager::add_device(base::Result<std::unique_ptr<SwapDevice>> device) {
  if (!device.ok()) return device.code();
  const auto added = space_.add(device.take());
  if (!added.ok()) return added.code();
  exhausted_ = false;
  return KERN_SUCCESS;
}

// Everything on it moves before anything else is done: page faults wait meanwhile.
kern_return_t Pager::remove_device(const char* name) {
  const auto closed = space_.close(name);
  if (!closed.ok()) return closed.code();
  for (auto& [unused, object] : objects_) {
    const base::Status moved = store_.move(object.map, closed.value());
    if (moved.ok()) continue;
    space_.reopen(closed.value());
    return moved.code();
  }
  space_.remove(closed.value());
  return KERN_SUCCESS;
}

kern_return_t Pager::backing_info(mach_port_t pager, int number, char* name, vm_size_t* total,
                                  vm_size_t* free) {
  if (pager != self_) return KERN_INVALID_ARGUMENT;
  int i = 0;
  bool found = false;
  space_.for_each_device([&](const SwapSpace::Usage& usage) {
    if (i++ != number) return;
    found = true;
    const size_t length = std::min(usage.name.size(), sizeof(default_pager_filename_t) - 1);
    std::copy_n(usage.name.data(), length, name);
    name[length] = 0;
    *total = bytes_of(usage.total);
    *free = bytes_of(usage.free);
  });
  return found ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

// Nothing is opened here: whoever adds a file tells where it lies (backing.defs), so that the pager never has to
// wait for a server whose memory it keeps.
kern_return_t Pager::default_pager_register_fileserver(mach_port_t, mach_port_t) {
  return KERN_INVALID_ARGUMENT;
}

kern_return_t Pager::mach_notify_no_senders(mach_port_t notify, mach_port_mscount_t) {
  const PagedObject* object = find(notify);
  if (object != nullptr && object->origin == Origin::kTask) remove(notify);
  return KERN_SUCCESS;
}

// Never asked for.
kern_return_t Pager::mach_notify_dead_name(mach_port_t, mach_port_t name) {
  (void)mach_port_deallocate(mach_task_self(), name);
  return KERN_SUCCESS;
}

kern_return_t Pager::mach_notify_port_destroyed(mach_port_t, mach_port_t right) {
  (void)mach_port_destroy(mach_task_self(), right);
  return KERN_SUCCESS;
}

}  // namespace default_pager
