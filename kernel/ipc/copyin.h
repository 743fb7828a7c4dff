// From the sender's names to kernel form (book chapter 2, message send).
#pragma once

#include <memory>

#include "kernel/ipc/message.h"
#include "kernel/ipc/space.h"
#include "kernel/vm/map.h"

namespace ipc {

struct MessageBlockFree {
  void operator()(Message* m) const { Message::free_block(m); }
};
// A message that still (or again) holds names, which nobody must release.
using NamesPtr = std::unique_ptr<Message, MessageBlockFree>;

// Copies a user message into the kernel as it is. MACH_SEND_MSG_TOO_SMALL, MACH_SEND_NO_BUFFER,
// MACH_SEND_INVALID_DATA.
base::Result<NamesPtr> get_user_message(uint32_t address, mach_msg_size_t size);

// Translates the header, both rights or none. `cancel_for`: see Space::take.
// MACH_SEND_INVALID_HEADER, MACH_SEND_INVALID_DEST, MACH_SEND_INVALID_REPLY: nothing changed.
mach_msg_return_t copyin_header(Space& space, Message& message, const Port* cancel_for);

// Translates the body of a message whose header is in kernel form. On error what was already taken
// from the sender is released and the body is empty.
mach_msg_return_t copyin_body(Space& space, vm::Map& map, Message& message);

}  // namespace ipc
