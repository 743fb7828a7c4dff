#include "kernel/vm/message_builder.h"

#include "kernel/ipc/item.h"

namespace vm {

MessageBuilder& MessageBuilder::port(ipc::AnyRight right) {
  set_complex();
  const auto type = mach::msg_type_port(ipc::type_of_kind(right.kind()));
  return word(type, ipc::Message::port_to_word(right.leak()));
}

MessageBuilder& MessageBuilder::data(MapCopyPtr copy) {
  set_complex();
  put(mach::msg_type_long_out_of_line(mach::MsgMemory::deallocate));
  put(MACH_MSG_TYPE_BYTE | 8u << 16);  // msgtl_name, msgtl_size
  put(copy->size());
  put(static_cast<uint32_t>(reinterpret_cast<uintptr_t>(copy.release())));
  return *this;
}

}  // namespace vm
