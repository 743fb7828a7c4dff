#include "servers/process/process_pages.h"

#include <cerrno>
#include <cstring>

#include <mach.h>
#include <mach/memory_object_server.h>
#include <mach/memory_object_user.h>
#include <mach/mach_host.h>

namespace process {

using base::Error;

namespace {
constexpr vm_size_t kPage = 4096;
constexpr mach_msg_size_t kMaxMessage = 8192;
}  // namespace

void ProcessPages::pager_thread(void* argument) {
  const auto* self = static_cast<ProcessPages*>(argument);
  mach_msg_server(memory_object_server, kMaxMessage, self->object_);
}

base::Status ProcessPages::start(mach_port_t host) {
  host_ = host;
  if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &object_) != KERN_SUCCESS ||
      mach_port_insert_right(mach_task_self(), object_, object_, MACH_MSG_TYPE_MAKE_SEND) !=
          KERN_SUCCESS ||
      mach_thread_start(pager_thread, this, 64 * 1024, nullptr) != KERN_SUCCESS) {
    return Error(ENOMEM);
  }
  const kern_return_t kr =
      vm_map(mach_task_self(), &base_, kPages * kPage, 0, TRUE, object_, 0, FALSE,
             VM_PROT_READ | VM_PROT_WRITE, VM_PROT_ALL, VM_INHERIT_NONE);
  if (kr != KERN_SUCCESS) return Error(ENOMEM);
  return {};
}

base::Result<process_page*> ProcessPages::allocate() {
  for (int i = 0; i < kPages; ++i) {
    if (used_[i]) continue;
    const vm_address_t address = base_ + i * kPage;
    if (vm_wire(host_, mach_task_self(), address, kPage, VM_PROT_READ | VM_PROT_WRITE) !=
        KERN_SUCCESS) {
      return Error(ENOMEM);
    }
    used_[i] = true;
    auto* page = reinterpret_cast<process_page*>(address);
    std::memset(reinterpret_cast<void*>(page), 0, kPage);
    return page;
  }
  return Error(ENOMEM);
}

void ProcessPages::free(process_page* page) {
  const auto address = reinterpret_cast<vm_address_t>(page);
  used_[(address - base_) / kPage] = false;
  vm_wire(host_, mach_task_self(), address, kPage, VM_PROT_NONE);
}

base::Status ProcessPages::map_into(mach_port_t task, const void* page, vm_address_t address,
                                    vm_prot_t protection) const {
  vm_deallocate(task, address, kPage);
  const kern_return_t kr =
      vm_map(task, &address, kPage, 0, FALSE, object_, reinterpret_cast<vm_address_t>(page) - base_,
             FALSE, protection, protection, VM_INHERIT_NONE);
  if (kr != KERN_SUCCESS) return Error(ENOMEM);
  return {};
}

}  // namespace process

// The pager: every page begins as zeros, and none ever comes back (they are wired).
extern "C" {

kern_return_t memory_object_init(mach_port_t, mach_port_t control, mach_port_t, vm_size_t) {
  return memory_object_ready(control, FALSE, MEMORY_OBJECT_COPY_NONE);
}

kern_return_t memory_object_data_request(mach_port_t, mach_port_t control, vm_offset_t offset,
                                         vm_size_t length, vm_prot_t) {
  return memory_object_data_unavailable(control, offset, length);
}

kern_return_t memory_object_data_unlock(mach_port_t, mach_port_t, vm_offset_t, vm_size_t,
                                        vm_prot_t) {
  return KERN_FAILURE;
}
kern_return_t memory_object_data_return(mach_port_t, mach_port_t, vm_offset_t, vm_offset_t,
                                        mach_msg_type_number_t, boolean_t, boolean_t) {
  return KERN_FAILURE;
}
kern_return_t memory_object_data_write(mach_port_t, mach_port_t, vm_offset_t, vm_offset_t,
                                       mach_msg_type_number_t) {
  return KERN_FAILURE;
}
kern_return_t memory_object_copy(mach_port_t, mach_port_t, vm_offset_t, vm_size_t, mach_port_t) {
  return KERN_FAILURE;
}
kern_return_t memory_object_lock_completed(mach_port_t, mach_port_t, vm_offset_t, vm_size_t) {
  return KERN_SUCCESS;
}
kern_return_t memory_object_supply_completed(mach_port_t, mach_port_t, vm_offset_t, vm_size_t,
                                             kern_return_t, vm_offset_t) {
  return KERN_SUCCESS;
}
kern_return_t memory_object_change_completed(mach_port_t, boolean_t, memory_object_copy_strategy_t) {
  return KERN_SUCCESS;
}
kern_return_t memory_object_terminate(mach_port_t, mach_port_t control, mach_port_t name) {
  mach_port_mod_refs(mach_task_self(), control, MACH_PORT_RIGHT_RECEIVE, -1);
  mach_port_mod_refs(mach_task_self(), name, MACH_PORT_RIGHT_RECEIVE, -1);
  return KERN_SUCCESS;
}
}
