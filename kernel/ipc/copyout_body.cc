#include <new>

#include "kernel/ipc/copyout.h"
#include "kernel/ipc/item.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/user_ptr.h"

namespace ipc {
namespace {

class BodyCopyout {
 public:
  BodyCopyout(Space& space, vm::Map& map) : space_(space), map_(map) {}

  mach_msg_return_t run(Message& message) {
    ItemReader reader(message);
    Item item;
    for (reader.skip_plain(); !reader.at_end(); reader.skip_plain()) {
      KASSERT(reader.next(item) == MACH_MSG_SUCCESS);
      if (!item.is_inline()) {
        copyout_far(item);
      } else if (item.is_port()) {
        copyout_rights(item, item.words());
      }
    }
    return shortages_;
  }

 private:
  void copyout_far(Item& item) {
    const uint32_t kernel_address = *item.words();
    *item.words() = 0;
    if (kernel_address == 0) return;
    auto result = item.is_port() ? copyout_far_rights(item, kernel_address)
                                 : copyout_far_data(kernel_address);
    if (result.ok()) {
      *item.words() = result.take();
      return;
    }
    shortages_ |= result.code() == KERN_NO_SPACE ? MACH_MSG_VM_SPACE : MACH_MSG_VM_KERNEL;
    item.clear_element_bits();
  }

  base::Result<vm::Address> copyout_far_data(uint32_t kernel_address) {
    return map_.copyout(vm::MapCopyPtr(reinterpret_cast<vm::MapCopy*>(uintptr_t{kernel_address})));
  }

  // The memory comes first, pages included: once the names exist the task must be told of them.
  base::Result<vm::Address> copyout_far_rights(Item& item, uint32_t kernel_address) {
    std::unique_ptr<uint32_t[]> words(reinterpret_cast<uint32_t*>(uintptr_t{kernel_address}));
    const auto bytes = static_cast<uint32_t>(item.data_bytes);
    auto memory = prepare_memory(bytes);
    if (!memory.ok()) {
      for (uint32_t i = 0; i < item.number; ++i) {
        AnyRight dropped(kind_of_type(item.name), Message::word_to_port(words[i]));
      }
      return memory.error();
    }
    const vm::Address address = memory.take();
    copyout_rights(item, words.get());
    if (!kern::copy_out_bytes(address, words.get(), bytes).ok()) shortages_ |= MACH_MSG_VM_KERNEL;
    return address;
  }

  base::Result<vm::Address> prepare_memory(uint32_t bytes) {
    const vm::Address address = TRY(map_.allocate(0, bytes, vm::Placement::kAnywhere));
    for (uint32_t offset = 0; offset < bytes; offset += arch::kPageSize) {
      const uint32_t zero = 0;
      if (!kern::copy_out_bytes(address + offset, &zero, sizeof zero).ok()) {
        (void)map_.deallocate(address, bytes);
        return base::Error(KERN_RESOURCE_SHORTAGE);
      }
    }
    return address;
  }

  void copyout_rights(const Item& item, uint32_t* words) {
    for (uint32_t i = 0; i < item.number; ++i) {
      auto name = space_.copyout(AnyRight(kind_of_type(item.name), Message::word_to_port(words[i])));
      if (!name.ok()) {
        shortages_ |=
            name.code() == KERN_RESOURCE_SHORTAGE ? MACH_MSG_IPC_KERNEL : MACH_MSG_IPC_SPACE;
      }
      words[i] = name.ok() ? name.take() : MACH_PORT_NULL;
    }
  }

  Space& space_;
  vm::Map& map_;
  mach_msg_return_t shortages_ = 0;
};

}  // namespace

mach_msg_return_t copyout_body(Space& space, vm::Map& map, Message& message) {
  return BodyCopyout(space, map).run(message);
}

}  // namespace ipc
