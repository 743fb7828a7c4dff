// Pager: the memory manager of the file server's files (book chapter 5).
#pragma once

#include <mach/port.h>

#include <condition_variable>
#include <unordered_map>

#include "libs/server/mutex.h"
#include "servers/file/file_pages.h"
#include "servers/file/memory_object_server.h"
#include "servers/file/read_ahead.h"
#include "servers/file/window_cache.h"

namespace file {

class MachFilePages;

// Serves the kernel's requests for the memory objects of regular files.
//
// Two threads meet here. The request thread reads and writes files through mapped windows of their
// objects and so may fault at any instruction of a copy; the pager thread serves those faults. The
// pager thread therefore takes the tree lock only, and the request thread never copies from or to a
// window, nor waits for the kernel, while it holds that lock:
//
//   (1) request thread: lock, find or map the window, pin it, unlock, copy, lock, unpin.
//   (2) copy faults; kernel sends data_request to the object's port.
//   (3) pager thread: lock, PageStore::page_in, unlock, data_supply. (2) goes on.
//   (4) clean and discard: lock_request with the object's own port as reply port. The kernel sends
//       the pages, then lock_completed, to that one port: when the pager thread comes to (5)
//   (5) lock_completed, everything returned before has gone through PageStore::page_out, and the
//       request thread waiting for it goes on.
//   (6) terminate: the kernel is done with the object; PageStore::pages_detached.
class Pager final : public PageCache, public MemoryObjectInterface {
 public:
  // `objects` is the port set that the pager thread's loop receives from.
  Pager(mach_port_t objects, server::Mutex& lock) : set_(objects), lock_(lock), windows_(lock) {}

  // Makes the region of slots, wired; until then, and when that fails, files have none. `host`: the
  // privileged host port. Without the tree lock, with the pager thread running.
  base::Status make_slots(mach_port_t host);

  base::Result<std::unique_ptr<FilePages>> attach(PageStore& store) override;
  base::Status map_slots(mach_port_t task, uint32_t address) override;

  kern_return_t memory_object_init(mach_port_t memory_object, mach_port_t memory_control,
                                   mach_port_t memory_object_name,
                                   vm_size_t memory_object_page_size) override;
  kern_return_t memory_object_terminate(mach_port_t memory_object, mach_port_t memory_control,
                                        mach_port_t memory_object_name) override;
  kern_return_t memory_object_copy(mach_port_t old_memory_object, mach_port_t old_memory_control,
                                   vm_offset_t offset, vm_size_t length,
                                   mach_port_t new_memory_object) override;
  kern_return_t memory_object_data_request(mach_port_t memory_object, mach_port_t memory_control,
                                           vm_offset_t offset, vm_size_t length,
                                           vm_prot_t desired_access) override;
  kern_return_t memory_object_data_unlock(mach_port_t memory_object, mach_port_t memory_control,
                                          vm_offset_t offset, vm_size_t length,
                                          vm_prot_t desired_access) override;
  kern_return_t memory_object_data_write(mach_port_t memory_object, mach_port_t memory_control,
                                         vm_offset_t offset, unsigned char* data,
                                         mach_msg_type_number_t dataCnt) override;
  kern_return_t memory_object_lock_completed(mach_port_t memory_object,
                                             mach_port_t memory_control, vm_offset_t offset,
                                             vm_size_t length) override;
  kern_return_t memory_object_supply_completed(mach_port_t memory_object,
                                               mach_port_t memory_control, vm_offset_t offset,
                                               vm_size_t length, kern_return_t result,
                                               vm_offset_t error_offset) override;
  kern_return_t memory_object_data_return(mach_port_t memory_object, mach_port_t memory_control,
                                          vm_offset_t offset, unsigned char* data,
                                          mach_msg_type_number_t dataCnt, boolean_t dirty,
                                          boolean_t kernel_copy) override;
  kern_return_t memory_object_change_completed(mach_port_t memory_object, boolean_t may_cache,
                                               memory_object_copy_strategy_t copy_strategy)
      override;

  // For MachFilePages, with the tree lock.
  void remove(MachFilePages& pages);
  WindowCache& windows() { return windows_; }
  ReadAhead& read_ahead() { return read_ahead_; }
  server::Mutex& lock() { return lock_; }

 private:
  base::Result<mach_port_t> make_object();
  MachFilePages* find(mach_port_t memory_object) const;
  enum class Order { kRandom, kFrontToBack };
  base::Result<vm_size_t> supply(PageStore& store, mach_port_t memory_control, vm_offset_t offset,
                                 vm_size_t size, Order order);
  void take_back(mach_port_t memory_object, vm_offset_t offset, unsigned char* data,
                 mach_msg_type_number_t size);

  mach_port_t set_;
  server::Mutex& lock_;
  mach_port_t slots_object_ = MACH_PORT_NULL;
  WindowCache windows_;
  ReadAhead read_ahead_;
  std::unordered_map<mach_port_t, MachFilePages*> objects_;
};

}  // namespace file
