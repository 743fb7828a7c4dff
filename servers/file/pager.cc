#include "servers/file/pager.h"

#include <mach.h>
#include <mach/mach_host.h>
#include <mach/memory_object_user.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "libs/base/math.h"
#include "servers/file/mach_file_pages.h"

namespace file {
namespace {

// How much is read at most for one fault. The kernel keeps what it has, and does not take what may be
// older than what it has sent back.
constexpr uint64_t kCluster = 64 * 1024;
// The kernel takes no note of more pages that have nothing.
constexpr uint64_t kMostVolunteered = 1024 * 1024;

void release(mach_port_t right) {
  if (right != MACH_PORT_NULL) (void)mach_port_deallocate(mach_task_self(), right);
}

// Moves pages to the kernel, with zeros behind the end of the file; without memory, that they are zeros.
void give(mach_port_t memory_control, vm_offset_t offset, const ReadAhead::Pages& pages) {
  const auto size = static_cast<vm_size_t>(pages.size);
  if (pages.memory == nullptr) {
    (void)memory_object_data_unavailable(memory_control, offset, size);
    return;
  }
  if (const uint64_t end = std::max<uint64_t>(pages.end, offset); end < uint64_t{offset} + size) {
    const auto used = static_cast<size_t>(end - offset);
    std::memset(static_cast<uint8_t*>(pages.memory) + used, 0, size - used);
  }
  (void)memory_object_data_supply(memory_control, offset, reinterpret_cast<vm_address_t>(pages.memory), size, TRUE,
                                  VM_PROT_NONE, FALSE, MACH_PORT_NULL);
}

// Reads pages now: at most `size` bytes, at least a page.
base::Result<ReadAhead::Pages> read(PageStore& store, vm_offset_t offset, vm_size_t size) {
  if (const auto read = store.start_page_in(offset, size)) {
    return ReadAhead::Pages{.memory = TRY(read->finish()), .size = read->size(), .end = store.size()};
  }
  vm_address_t address = 0;
  if (vm_allocate(mach_task_self(), &address, size, TRUE) != KERN_SUCCESS) return base::Error(ENOMEM);
  auto* const memory = reinterpret_cast<uint8_t*>(address);
  const auto content = store.page_in(offset, {memory, size});
  if (content.ok() && content.value() == PageStore::Content::kData) {
    return ReadAhead::Pages{.memory = memory, .size = size, .end = store.size()};
  }
  (void)vm_deallocate(mach_task_self(), address, size);
  if (!content.ok()) return content.error();
  return ReadAhead::Pages{.size = size};
}

}  // namespace

// A memory object that the pager thread serves.
base::Result<mach_port_t> Pager::make_object() {
  mach_port_t port = MACH_PORT_NULL;
  if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port) != KERN_SUCCESS) {
    return base::Error(ENFILE);
  }
  kern_return_t code =
      mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND);
  if (code == KERN_SUCCESS) code = mach_port_move_member(mach_task_self(), port, set_);
  if (code != KERN_SUCCESS) {
    (void)mach_port_destroy(mach_task_self(), port);
    return base::Error(ENFILE);
  }
  return port;
}

// The slots' object is made of zeros and wired here, so that no page of it ever comes back and this
// server never faults on it.
base::Status Pager::make_slots(mach_port_t host) {
  const mach_port_t object = TRY(make_object());
  {
    const server::LockGuard guard(lock_);
    slots_object_ = object;
  }
  constexpr vm_prot_t kProtection = VM_PROT_READ | VM_PROT_WRITE;
  vm_address_t address = 0;
  kern_return_t code = vm_map(mach_task_self(), &address, FILE_SLOTS_SIZE, 0, TRUE, object, 0,
                              FALSE, kProtection, kProtection, VM_INHERIT_NONE);
  if (code != KERN_SUCCESS) return base::Error(ENOMEM);
  code = vm_wire(host, mach_task_self(), address, FILE_SLOTS_SIZE, kProtection);
  if (code != KERN_SUCCESS) {
    (void)vm_deallocate(mach_task_self(), address, FILE_SLOTS_SIZE);
    return base::Error(ENOMEM);
  }
  const server::LockGuard guard(lock_);
  slots().use({reinterpret_cast<file_slot*>(address), FILE_SLOT_COUNT});
  return {};
}

base::Status Pager::map_slots(mach_port_t task, uint32_t address) {
  const mach_port_t object = slots_object_;
  const server::Unlocked unlocked(lock_);
  vm_address_t at = address;
  const kern_return_t code = vm_map(task, &at, FILE_SLOTS_SIZE, 0, FALSE, object, 0, FALSE,
                                    VM_PROT_READ, VM_PROT_READ, VM_INHERIT_NONE);
  if (code == KERN_SUCCESS) return {};
  return base::Error(code == KERN_RESOURCE_SHORTAGE ? ENOMEM : EINVAL);
}

base::Result<std::unique_ptr<FilePages>> Pager::attach(PageStore& store) {
  const mach_port_t port = TRY(make_object());
  auto pages = std::make_unique<MachFilePages>(*this, store, port);
  objects_[port] = pages.get();
  return std::unique_ptr<FilePages>(std::move(pages));
}

void Pager::remove(MachFilePages& pages) {
  read_ahead_.drop(pages.store());
  objects_.erase(pages.memory_object());
}

MachFilePages* Pager::find(mach_port_t memory_object) const {
  const auto found = objects_.find(memory_object);
  return found == objects_.end() ? nullptr : found->second;
}

kern_return_t Pager::memory_object_init(mach_port_t memory_object, mach_port_t memory_control,
                                        mach_port_t memory_object_name,
                                        vm_size_t memory_object_page_size) {
  MachFilePages* pages = find(memory_object);
  const bool is_slots = memory_object == slots_object_;
  if ((pages == nullptr && !is_slots) || memory_object_page_size != kPageSize) {
    return KERN_INVALID_ARGUMENT;
  }
  release(memory_object_name);
  if (is_slots) return memory_object_ready(memory_control, FALSE, MEMORY_OBJECT_COPY_NONE);
  pages->initialized(memory_control);
  return KERN_SUCCESS;
}

kern_return_t Pager::memory_object_terminate(mach_port_t memory_object,
                                             mach_port_t memory_control,
                                             mach_port_t memory_object_name) {
  MachFilePages* pages = find(memory_object);
  if (pages != nullptr) pages->terminated(memory_control);
  // Each name stands for a receive right and, for the control port, the send right of init.
  (void)mach_port_destroy(mach_task_self(), memory_control);
  (void)mach_port_destroy(mach_task_self(), memory_object_name);
  return KERN_SUCCESS;
}

// Never asked for with the copy strategy used here.
kern_return_t Pager::memory_object_copy(mach_port_t, mach_port_t, vm_offset_t, vm_size_t,
                                        mach_port_t) {
  return KERN_INVALID_ARGUMENT;
}

kern_return_t Pager::memory_object_data_request(mach_port_t memory_object,
                                                mach_port_t memory_control, vm_offset_t offset,
                                                vm_size_t length, vm_prot_t) {
  if (memory_object == slots_object_) {
    (void)memory_object_data_unavailable(memory_control, offset, length);
    release(memory_control);
    return KERN_SUCCESS;
  }
  MachFilePages* pages = find(memory_object);
  if (pages == nullptr || offset % kPageSize != 0 || length == 0 || length % kPageSize != 0) {
    return KERN_INVALID_ARGUMENT;
  }
  if (const uint64_t end = pages->store().empty_until(offset); end > offset) {
    const auto size = std::min<uint64_t>(end - offset, kMostVolunteered);
    (void)memory_object_data_unavailable(memory_control, offset, std::max(static_cast<vm_size_t>(size), length));
    release(memory_control);
    return KERN_SUCCESS;
  }
  PageStore& store = pages->store();
  const uint64_t cluster_end = base::align_down<uint64_t>(offset, kCluster) + kCluster;
  const uint64_t known_end = base::align_up<uint64_t>(store.size(), kPageSize);
  const uint64_t end =
      std::max<uint64_t>(uint64_t{offset} + length, std::min(cluster_end, known_end));
  const Order order = pages->comes_next(offset) ? Order::kFrontToBack : Order::kRandom;
  auto size = static_cast<vm_size_t>(end - offset);
  vm_size_t done = 0;
  while (done < length) {
    const auto supplied = supply(store, memory_control, offset + done, size - done, order);
    if (supplied.ok()) {
      done += supplied.value();
    } else if (size != length) {
      size = length;  // a bad sector further on must not hide what was asked for
    } else {
      (void)memory_object_data_error(memory_control, offset + done, length - done, KERN_MEMORY_ERROR);
      break;
    }
  }
  pages->set_next(offset + done);
  release(memory_control);
  return KERN_SUCCESS;
}

// Gives the kernel pages that have been read ahead or are read now, the latter at most `size` bytes: how much, at
// least a page. The disk is already busy with what comes next when the kernel goes on.
base::Result<vm_size_t> Pager::supply(PageStore& store, mach_port_t memory_control, vm_offset_t offset,
                                      vm_size_t size, Order order) {
  ReadAhead::Pages pages = read_ahead_.take(store, offset);
  if (pages.memory == nullptr) pages = TRY(read(store, offset, size));
  if (order == Order::kFrontToBack) read_ahead_.start(store, offset + pages.size);
  give(memory_control, offset, pages);
  return static_cast<vm_size_t>(pages.size);
}

kern_return_t Pager::memory_object_data_unlock(mach_port_t, mach_port_t memory_control,
                                               vm_offset_t offset, vm_size_t length, vm_prot_t) {
  // Nothing is ever supplied locked.
  (void)memory_object_lock_request(memory_control, offset, length, MEMORY_OBJECT_RETURN_NONE,
                                   FALSE, VM_PROT_NONE, MACH_PORT_NULL);
  release(memory_control);
  return KERN_SUCCESS;
}

void Pager::take_back(mach_port_t memory_object, vm_offset_t offset, unsigned char* data,
                      mach_msg_type_number_t size) {
  MachFilePages* pages = find(memory_object);
  if (pages != nullptr && offset % kPageSize == 0) {
    read_ahead_.drop(pages->store());
    const auto lost = [pages, size](int error) {
      std::printf("file: lost %u bytes of a file: error %d\n", size, error);
      pages->page_out_failed(error);
    };
    const auto taken = pages->store().page_out(offset, {data, size}, lost);
    if (taken.ok() && taken.value()) return;
    if (!taken.ok()) lost(taken.code());
  }
  (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), size);
}

kern_return_t Pager::memory_object_data_write(mach_port_t memory_object,
                                              mach_port_t memory_control, vm_offset_t offset,
                                              unsigned char* data,
                                              mach_msg_type_number_t dataCnt) {
  take_back(memory_object, offset, data, dataCnt);
  release(memory_control);
  return KERN_SUCCESS;
}

kern_return_t Pager::memory_object_data_return(mach_port_t memory_object,
                                               mach_port_t memory_control, vm_offset_t offset,
                                               unsigned char* data,
                                               mach_msg_type_number_t dataCnt, boolean_t,
                                               boolean_t) {
  take_back(memory_object, offset, data, dataCnt);
  release(memory_control);
  return KERN_SUCCESS;
}

kern_return_t Pager::memory_object_lock_completed(mach_port_t memory_object,
                                                  mach_port_t memory_control, vm_offset_t,
                                                  vm_size_t) {
  if (MachFilePages* pages = find(memory_object); pages != nullptr) {
    pages->store().settle();
    pages->lock_completed();
  }
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

}  // namespace file
