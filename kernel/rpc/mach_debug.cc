// What the kernel has in use, in the shape of the classic zone statistics: a zone for each class of
// object, for each size of the kernel heap, and for each use of the machine's pages.
#include <mach/kern_return.h>

#include <array>
#include <cstring>
#include <memory>
#include <new>

#include "kernel/ipc/message.h"
#include "kernel/ipc/port_set.h"
#include "kernel/kern/format.h"
#include "kernel/kern/task.h"
#include "kernel/rpc/mach_debug_server.h"
#include "kernel/vm/heap.h"
#include "kernel/vm/memory_use.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"

namespace rpc {
namespace {

struct Zone {
  zone_name_t name;
  zone_info_t info;
};

class ZoneList {
 public:
  // `count` elements of `size` bytes; `bytes` if they take more than that.
  void add(const char* name, uint32_t count, uint32_t size, uint32_t bytes = 0) {
    zone_name_t& n = names_[count_];
    n = {};
    std::strncpy(n.zn_name, name, sizeof n.zn_name - 1);
    zone_info_t& i = infos_[count_++];
    i = {};
    i.zi_count = static_cast<integer_t>(count);
    i.zi_cur_size = bytes != 0 ? bytes : count * size;
    i.zi_max_size = vm::total_page_count() * arch::kPageSize;
    i.zi_elem_size = size;
    i.zi_alloc_size = arch::kPageSize;
  }

  kern_return_t give(zone_name_t* names, mach_msg_type_number_t* name_count,
                     MapCopyPtr* names_copy, zone_info_t* infos,
                     mach_msg_type_number_t* info_count, MapCopyPtr* infos_copy) const {
    TRY_CODE(give_array(names_.data(), names, name_count, names_copy));
    return give_array(infos_.data(), infos, info_count, infos_copy).code();
  }

 private:
  static constexpr uint32_t kMax = 16 + vm::kHeapClasses;

  // Fills the caller's array, or memory of its own when that is too small.
  template <typename T>
  base::Status give_array(const T* from, T* to, mach_msg_type_number_t* room,
                          MapCopyPtr* copy) const {
    if (*room >= count_) {
      std::memcpy(to, from, count_ * sizeof(T));
    } else {
      *copy = TRY(MapCopy::from_kernel(from, count_ * sizeof(T)));
    }
    *room = count_;
    return {};
  }

  uint32_t count_ = 0;
  std::array<zone_name_t, kMax> names_;
  std::array<zone_info_t, kMax> infos_;
};

void list_objects(ZoneList& zones) {
  zones.add("tasks", kern::Task::live_count(), sizeof(kern::Task));
  zones.add("threads", kern::Thread::live_count(), sizeof(kern::Thread));
  zones.add("port spaces", ipc::Space::live_count(), sizeof(ipc::Space));
  zones.add("ports", ipc::Port::live_count(), sizeof(ipc::Port));
  zones.add("port sets", ipc::PortSet::live_count(), sizeof(ipc::PortSet));
  zones.add("messages", ipc::Message::live_count(), sizeof(ipc::Message));
  zones.add("address maps", vm::Map::live_count(), sizeof(vm::Map));
  zones.add("memory objects", vm::Object::live_count(), sizeof(vm::Object));
  zones.add("memory managers", vm::Pager::live_count(), sizeof(vm::Pager));
}

void list_pages(ZoneList& zones, const vm::MemoryUse& use) {
  zones.add("pages of memory objects", use.user, arch::kPageSize);
  zones.add("wired pages of memory objects", vm::wired_page_count(), arch::kPageSize);
  zones.add("pages of the kernel heap", use.kernel_heap, arch::kPageSize);
  zones.add("other pages of the kernel", use.kernel_other, arch::kPageSize);
  zones.add("free pages", use.free, arch::kPageSize);
}

void list_heap(ZoneList& zones, const vm::MemoryUse& use) {
  zones.add("kernel heap", vm::heap_bytes_in_use(), 1);
  for (const vm::MemoryUse::HeapClass& c : use.heap) {
    char name[32];
    (void)kern::format_to(name, sizeof name, "kernel heap, chunks of %u", c.chunk_size);
    zones.add(name, c.chunks, c.chunk_size, c.pages * arch::kPageSize);
  }
}

}  // namespace

// What is only kept for the next time counts as free, so that figures can be compared.
kern_return_t host_zone_info(HostRef host, zone_name_t* names, mach_msg_type_number_t* name_count,
                             MapCopyPtr* names_copy, zone_info_t* info,
                             mach_msg_type_number_t* info_count, MapCopyPtr* info_copy) {
  if (!host) return KERN_INVALID_ARGUMENT;
  ipc::MessagePool::release_kept();
  vm::heap_release_cached_pages();
  std::unique_ptr<ZoneList> zones(new (std::nothrow) ZoneList);
  if (zones == nullptr) return KERN_RESOURCE_SHORTAGE;
  const vm::MemoryUse use = vm::memory_use();
  list_objects(*zones);
  list_pages(*zones, use);
  list_heap(*zones, use);
  return zones->give(names, name_count, names_copy, info, info_count, info_copy);
}

}  // namespace rpc
