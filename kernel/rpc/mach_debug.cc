// The kernel's memory use, in the shape of the classic zone statistics.
#include <mach/kern_return.h>

#include <cstring>

#include "kernel/rpc/mach_debug_server.h"
#include "kernel/vm/heap.h"
#include "kernel/vm/page_allocator.h"

namespace rpc {
namespace {

constexpr uint32_t kZones = 2;

void describe_heap(zone_name_t& name, zone_info_t& info) {
  std::strncpy(name.zn_name, "kernel heap", sizeof name.zn_name);
  info = {};
  info.zi_count = static_cast<integer_t>(vm::heap_bytes_in_use());
  info.zi_cur_size = vm::heap_bytes_in_use();
  info.zi_max_size = vm::total_page_count() * arch::kPageSize;
  info.zi_elem_size = 1;
  info.zi_alloc_size = arch::kPageSize;
}

void describe_pages(zone_name_t& name, zone_info_t& info) {
  std::strncpy(name.zn_name, "physical pages", sizeof name.zn_name);
  info = {};
  info.zi_count = static_cast<integer_t>(vm::total_page_count() - vm::free_page_count());
  info.zi_cur_size = static_cast<vm_size_t>(info.zi_count) * arch::kPageSize;
  info.zi_max_size = vm::total_page_count() * arch::kPageSize;
  info.zi_elem_size = arch::kPageSize;
  info.zi_alloc_size = arch::kPageSize;
}

// Fills the caller's array, or memory of its own when that is too small.
template <typename T>
kern_return_t give(const T (&from)[kZones], T* to, mach_msg_type_number_t* count,
                   MapCopyPtr* copy) {
  if (*count >= kZones) {
    std::memcpy(to, from, sizeof from);
  } else {
    *copy = TRY_CODE(MapCopy::from_kernel(from, sizeof from));
  }
  *count = kZones;
  return KERN_SUCCESS;
}

}  // namespace

kern_return_t host_zone_info(HostRef host, zone_name_t* names, mach_msg_type_number_t* name_count,
                             MapCopyPtr* names_copy, zone_info_t* info,
                             mach_msg_type_number_t* info_count, MapCopyPtr* info_copy) {
  if (!host) return KERN_INVALID_ARGUMENT;
  zone_name_t all_names[kZones];
  zone_info_t all_info[kZones];
  describe_heap(all_names[0], all_info[0]);
  describe_pages(all_names[1], all_info[1]);
  TRY_CODE(base::Status::from_code(give(all_names, names, name_count, names_copy)));
  return give(all_info, info, info_count, info_copy);
}

}  // namespace rpc
