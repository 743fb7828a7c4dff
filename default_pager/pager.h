// Pager: the default memory manager (book chapter 5).
#pragma once

#include <mach/port.h>

#include <memory_resource>
#include <unordered_map>
#include <vector>

#include "default_pager/backing_server.h"
#include "default_pager/block_map.h"
#include "default_pager/default_pager_server.h"
#include "default_pager/memory_object_default_server.h"
#include "default_pager/memory_object_server.h"
#include "default_pager/store.h"
#include "libs/server/notify_server.h"

namespace default_pager {

// Keeps the pages of two kinds of objects: those the kernel made for memory of vm_allocate and
// passes on with memory_object_create, which end with memory_object_terminate; and those tasks ask
// for with default_pager_object_create, which end when nobody has a send right any more.
//
// A page goes round:
//   (1) data_initialize or data_return brings it; Store::write finds slots and writes them.
//   (2) A fault: data_request. What was never written is zero (data_unavailable), the rest is read
//       and supplied. The slot keeps the contents: a page that stays clean needs no (1) again.
//   (3) No room in (1): the page is supplied at once, precious, so that the kernel keeps it and
//       comes back with it when it must. A data_request for such a page was answered by that.
// One thread does all this, one message after the other, in the order the kernel sent them; it
// neither touches pageable memory nor waits for anything but the disk.
class Pager final : public MemoryObjectInterface,
                    public MemoryObjectDefaultInterface,
                    public DefaultPagerInterface,
                    public BackingInterface,
                    public NotifyInterface {
 public:
  // `self`: the default memory manager's port; `set`: the port set that is served.
  Pager(mach_port_t self, mach_port_t set, SwapSpace& space, std::pmr::memory_resource& memory)
      : self_(self), set_(set), space_(space), store_(space), memory_(memory), objects_(&memory) {}

  // ---- From the kernel (pager.cc) ----
  kern_return_t memory_object_create(mach_port_t old_memory_object, mach_port_t new_memory_object,
                                     vm_size_t new_object_size, mach_port_t new_control,
                                     mach_port_t new_name, vm_size_t new_page_size) override;
  kern_return_t memory_object_data_initialize(mach_port_t memory_object,
                                              mach_port_t memory_control, vm_offset_t offset,
                                              unsigned char* data,
                                              mach_msg_type_number_t dataCnt) override;
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
  kern_return_t memory_object_data_return(mach_port_t memory_object, mach_port_t memory_control,
                                          vm_offset_t offset, unsigned char* data,
                                          mach_msg_type_number_t dataCnt, boolean_t dirty,
                                          boolean_t kernel_copy) override;
  kern_return_t memory_object_lock_completed(mach_port_t memory_object,
                                             mach_port_t memory_control, vm_offset_t offset,
                                             vm_size_t length) override;
  kern_return_t memory_object_supply_completed(mach_port_t memory_object,
                                               mach_port_t memory_control, vm_offset_t offset,
                                               vm_size_t length, kern_return_t result,
                                               vm_offset_t error_offset) override;
  kern_return_t memory_object_change_completed(
      mach_port_t memory_object, boolean_t may_cache,
      memory_object_copy_strategy_t copy_strategy) override;

  // ---- From tasks (pager_requests.cc) ----
  kern_return_t default_pager_object_create(mach_port_t pager, mach_port_t* memory_object,
                                            vm_size_t object_size) override;
  kern_return_t default_pager_info(mach_port_t pager, vm_size_t* total, vm_size_t* free) override;
  kern_return_t default_pager_objects(mach_port_t pager, default_pager_object_t** objects,
                                      mach_msg_type_number_t* objectsCnt, mach_port_t** ports,
                                      mach_msg_type_number_t* portsCnt) override;
  kern_return_t default_pager_object_pages(mach_port_t pager, mach_port_t memory_object,
                                           default_pager_page_t** pages,
                                           mach_msg_type_number_t* pagesCnt) override;
  kern_return_t default_pager_paging_file(mach_port_t pager, mach_port_t device_master,
                                          const char* filename, boolean_t add) override;
  kern_return_t default_pager_register_fileserver(mach_port_t pager,
                                                  mach_port_t fileserver) override;
  kern_return_t backing_add_file(mach_port_t pager, mach_port_t device_master, const char* name,
                                 const char* device, const paging_run_t* runs,
                                 mach_msg_type_number_t runsCnt) override;
  kern_return_t backing_info(mach_port_t pager, int number, char* name, vm_size_t* total,
                             vm_size_t* free) override;

  // ---- About the ports of objects ----
  kern_return_t mach_notify_no_senders(mach_port_t notify, mach_port_mscount_t mscount) override;
  kern_return_t mach_notify_dead_name(mach_port_t notify, mach_port_t name) override;
  kern_return_t mach_notify_port_destroyed(mach_port_t notify, mach_port_t right) override;
  kern_return_t mach_notify_port_deleted(mach_port_t, mach_port_t) override { return KERN_SUCCESS; }
  kern_return_t mach_notify_msg_accepted(mach_port_t, mach_port_t) override { return KERN_SUCCESS; }
  kern_return_t mach_notify_send_once(mach_port_t) override { return KERN_SUCCESS; }

 private:
  enum class Origin : uint8_t { kKernel, kTask };
  struct PagedObject {
    PagedObject(Origin o, uint32_t n, uint32_t p, std::pmr::memory_resource& memory)
        : origin(o), number(n), pages(p), map(memory) {}
    Origin origin;
    uint32_t number;  // for people
    uint32_t pages;   // size
    BlockMap map;
  };
  enum class Contents : uint8_t { kFirst, kLatest };

  PagedObject* find(mach_port_t memory_object);
  PagedObject* add(mach_port_t memory_object, Origin origin, vm_size_t size);
  void remove(mach_port_t memory_object);
  // Whether a message names whole pages of the object.
  static bool covers(const PagedObject& object, vm_offset_t offset, vm_size_t size);
  // Answers a request for the first pages of an extent; how many.
  uint32_t answer(PagedObject& object, mach_port_t control, const Store::Extent& extent,
                  vm_offset_t offset);
  // Keeps pages that came as out-of-line memory, which is given up, and releases `control`.
  kern_return_t keep(mach_port_t memory_object, mach_port_t control, vm_offset_t offset,
                     unsigned char* data, mach_msg_type_number_t size, Contents contents);
  void store(PagedObject& object, mach_port_t control, vm_offset_t offset, vm_address_t address,
             vm_size_t size);
  void report_exhaustion();
  kern_return_t add_device(base::Result<std::unique_ptr<SwapDevice>> device);
  kern_return_t remove_device(const char* name);

  mach_port_t self_;
  mach_port_t set_;
  SwapSpace& space_;
  Store store_;
  std::pmr::memory_resource& memory_;
  std::pmr::unordered_map<mach_port_t, PagedObject> objects_;
  uint32_t last_number_ = 0;
  bool exhausted_ = false;  // said so on the console
  // What the last answers to default_pager_objects and default_pager_object_pages point to.
  std::pmr::vector<default_pager_object_t> listed_objects_{&memory_};
  std::pmr::vector<mach_port_t> listed_ports_{&memory_};
  std::pmr::vector<default_pager_page_t> listed_pages_{&memory_};
};

}  // namespace default_pager
