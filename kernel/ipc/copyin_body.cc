#include <new>

#include "kernel/ipc/copyin.h"
#include "kernel/ipc/item.h"
#include "kernel/kern/user_ptr.h"

namespace ipc {
namespace {

class BodyCopyin {
 public:
  BodyCopyin(Space& space, vm::Map& map, Message& message)
      : space_(space), map_(map), message_(message) {}

  mach_msg_return_t run() {
    ItemReader reader(message_);
    Item item;
    for (reader.skip_plain(); !reader.at_end(); reader.skip_plain()) {
      char* const start = reader.position();
      mach_msg_return_t r = reader.next(item);
      if (r == MACH_MSG_SUCCESS) r = copyin_item(item);
      if (r != MACH_MSG_SUCCESS) {
        // What follows is still in the sender's form: cut it off, so that the message can be
        // destroyed.
        message_.header().msgh_size = static_cast<mach_msg_size_t>(start - message_.bytes());
        return r;
      }
    }
    return MACH_MSG_SUCCESS;
  }

 private:
  mach_msg_return_t copyin_item(Item& item) {
    if (item.is_inline()) return item.is_port() ? copyin_rights(item, item.words()) : 0;
    return item.is_port() ? copyin_far_rights(item) : copyin_far_data(item);
  }

  // Turns names into rights in place. On error none is left in `words`.
  mach_msg_return_t copyin_rights(Item& item, uint32_t* words) {
    for (uint32_t i = 0; i < item.number; ++i) {
      if (!copyin_right(item.name, words[i])) {
        release_rights(item.name, words, i);
        return MACH_SEND_INVALID_RIGHT;
      }
    }
    item.set_name(arrival_type(item.name));
    return MACH_MSG_SUCCESS;
  }

  bool copyin_right(mach_msg_type_name_t disposition, uint32_t& word) {
    if (!MACH_PORT_VALID(word)) return true;
    auto taken = space_.copyin(word, disposition);
    if (!taken.ok()) return false;
    AnyRight right = taken.take();
    if (right.kind() == RightKind::kReceive &&
        !right.port()->enter_transit(*message_.remote())) {
      message_.circular = true;
    }
    word = Message::port_to_word(right.leak());
    return true;
  }

  static void release_rights(mach_msg_type_name_t disposition, const uint32_t* words,
                             uint32_t number) {
    for (uint32_t i = 0; i < number; ++i) {
      AnyRight dropped(kind_of_type(arrival_type(disposition)), Message::word_to_port(words[i]));
    }
  }

  // An array of rights in the sender's memory becomes an array in kernel memory.
  mach_msg_return_t copyin_far_rights(Item& item) {
    const uint32_t address = *item.words();
    *item.words() = 0;
    if (item.number != 0) {
      if (item.data_bytes > kern::kUserEnd) return MACH_SEND_INVALID_MEMORY;
      const auto bytes = static_cast<uint32_t>(item.data_bytes);
      std::unique_ptr<uint32_t[]> words(new (std::nothrow) uint32_t[item.number]);
      if (words == nullptr) return MACH_SEND_NO_BUFFER;
      if (!kern::copy_in_bytes(words.get(), address, bytes).ok()) return MACH_SEND_INVALID_MEMORY;
      if (item.deallocate() && !map_.deallocate(address, bytes).ok()) {
        return MACH_SEND_INVALID_MEMORY;
      }
      if (auto r = copyin_rights(item, words.get()); r != MACH_MSG_SUCCESS) return r;
      *item.words() = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(words.release()));
    } else {
      item.set_name(arrival_type(item.name));
    }
    item.set_deallocate();
    return MACH_MSG_SUCCESS;
  }

  mach_msg_return_t copyin_far_data(Item& item) {
    const uint32_t address = *item.words();
    *item.words() = 0;
    if (item.data_bytes != 0) {
      if (item.data_bytes > kern::kUserEnd) return MACH_SEND_INVALID_MEMORY;
      auto copy = map_.copyin(
          address, static_cast<uint32_t>(item.data_bytes),
          item.deallocate() ? vm::SourceAction::kDestroy : vm::SourceAction::kKeep);
      if (!copy.ok()) return MACH_SEND_INVALID_MEMORY;
      *item.words() = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(copy.take().release()));
    }
    item.set_deallocate();
    return MACH_MSG_SUCCESS;
  }

  Space& space_;
  vm::Map& map_;
  Message& message_;
};

}  // namespace

mach_msg_return_t copyin_body(Space& space, vm::Map& map, Message& message) {
  return BodyCopyin(space, map, message).run();
}

}  // namespace ipc
