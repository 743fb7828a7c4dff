// Calls special to the i386 (book appendix C).
#include <mach/kern_return.h>

#include <algorithm>
#include <new>

#include "kernel/arch/user_segments.h"
#include "kernel/rpc/mach_i386_server.h"

namespace rpc {
namespace {

constexpr uint32_t kMaxDescriptors = 64;

arch::Descriptor from_wire(const descriptor_t& d) { return {d.low_word, d.high_word}; }
descriptor_t to_wire(arch::Descriptor d) { return {d.low, d.high}; }

}  // namespace

// No device grants I/O ports: a thread's I/O permission bitmap stays closed.
kern_return_t i386_io_port_add(ThreadRef thread, DeviceRef device) {
  return thread && device ? KERN_FAILURE : KERN_INVALID_ARGUMENT;
}

kern_return_t i386_io_port_remove(ThreadRef thread, DeviceRef device) {
  return thread && device ? KERN_FAILURE : KERN_INVALID_ARGUMENT;
}

kern_return_t i386_io_port_list(ThreadRef thread, mig::RightArray<SendRight>*) {
  return thread ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

kern_return_t i386_set_ldt(ThreadRef thread, int first_selector, const descriptor_t* list,
                           mach_msg_type_number_t count, MapCopyPtr list_copy) {
  if (!thread || count > kMaxDescriptors) return KERN_INVALID_ARGUMENT;
  descriptor_t wire[kMaxDescriptors];
  if (list_copy) {
    TRY_CODE(list_copy->read(0, wire, count * sizeof(descriptor_t)));
  } else {
    std::copy_n(list, count, wire);
  }
  arch::Descriptor descriptors[kMaxDescriptors];
  std::transform(wire, wire + count, descriptors, from_wire);
  return arch::set_ldt(*thread, static_cast<uint32_t>(first_selector), {descriptors, count}).code();
}

kern_return_t i386_get_ldt(ThreadRef thread, int first_selector, int desired_count,
                           descriptor_t* list, mach_msg_type_number_t* count,
                           MapCopyPtr* list_copy) {
  if (!thread || desired_count < 0) return KERN_INVALID_ARGUMENT;
  arch::Descriptor found[kMaxDescriptors];
  const uint32_t n = TRY_CODE(arch::get_ldt(*thread, static_cast<uint32_t>(first_selector),
                                            static_cast<uint32_t>(desired_count), found));
  descriptor_t wire[kMaxDescriptors];
  std::transform(found, found + n, wire, to_wire);
  if (n <= *count) {
    std::copy_n(wire, n, list);
  } else {
    *list_copy = TRY_CODE(MapCopy::from_kernel(wire, n * sizeof(descriptor_t)));
  }
  *count = n;
  return KERN_SUCCESS;
}

kern_return_t i386_set_gdt(ThreadRef thread, int* selector, const descriptor_t& descriptor) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  auto wanted = static_cast<uint32_t>(*selector);
  TRY_CODE(arch::set_gdt(*thread, wanted, from_wire(descriptor)));
  *selector = static_cast<int>(wanted);
  return KERN_SUCCESS;
}

kern_return_t i386_get_gdt(ThreadRef thread, int selector, descriptor_t* descriptor) {
  if (!thread) return KERN_INVALID_ARGUMENT;
  *descriptor = to_wire(TRY_CODE(arch::get_gdt(*thread, static_cast<uint32_t>(selector))));
  return KERN_SUCCESS;
}

}  // namespace rpc
