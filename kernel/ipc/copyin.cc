#include "kernel/ipc/copyin.h"

#include "kernel/ipc/item.h"
#include "kernel/kern/user_ptr.h"

namespace ipc {

base::Result<NamesPtr> get_user_message(uint32_t address, mach_msg_size_t size) {
  if (size < sizeof(mach_msg_header_t) || size % 4 != 0) {
    return base::Error(MACH_SEND_MSG_TOO_SMALL);
  }
  NamesPtr m(Message::allocate(size).release());
  if (m == nullptr) return base::Error(MACH_SEND_NO_BUFFER);
  if (!kern::copy_in_bytes(m->bytes(), address, size).ok()) {
    return base::Error(kern::copy_was_aborted() ? MACH_SEND_INTERRUPTED : MACH_SEND_INVALID_DATA);
  }
  m->header().msgh_size = size;
  return m;
}

namespace {

// What the header asks for, looked up but not taken.
struct HeaderRights {
  Entry* destination = nullptr;
  mach_msg_type_name_t destination_type = 0;
  Entry* reply = nullptr;  // null also for the null and dead names
  mach_msg_type_name_t reply_type = 0;
};

// True if taking the right uses up something of its entry.
bool consumes(mach_msg_type_name_t disposition) {
  return disposition == MACH_MSG_TYPE_MOVE_SEND || disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE;
}

bool is_valid_header(const mach_msg_header_t& h) {
  const mach_msg_type_name_t reply_type = MACH_MSGH_BITS_LOCAL(h.msgh_bits);
  if (h.msgh_bits & MACH_MSGH_BITS_UNUSED) return false;
  if (!MACH_MSG_TYPE_PORT_ANY_SEND(MACH_MSGH_BITS_REMOTE(h.msgh_bits))) return false;
  if (reply_type == 0) return h.msgh_local_port == MACH_PORT_NULL;
  return MACH_MSG_TYPE_PORT_ANY_SEND(reply_type);
}

mach_msg_return_t find_rights(Space& space, const mach_msg_header_t& h, HeaderRights& r) {
  r.destination_type = MACH_MSGH_BITS_REMOTE(h.msgh_bits);
  r.destination = space.lookup(h.msgh_remote_port);
  if (r.destination == nullptr || r.destination->has(kDeadNameBit) ||
      !Space::can_take(*r.destination, r.destination_type)) {
    return MACH_SEND_INVALID_DEST;
  }
  r.reply_type = MACH_MSGH_BITS_LOCAL(h.msgh_bits);
  if (r.reply_type == 0 || !MACH_PORT_VALID(h.msgh_local_port)) return MACH_MSG_SUCCESS;
  r.reply = space.lookup(h.msgh_local_port);
  if (r.reply == nullptr || !Space::can_take(*r.reply, r.reply_type)) {
    return MACH_SEND_INVALID_REPLY;
  }
  // One name for both: is there enough of it?
  if (r.reply == r.destination && consumes(r.reply_type) && consumes(r.destination_type) &&
      (r.reply->has(kSendOnceBit) || r.reply->urefs < 2)) {
    return MACH_SEND_INVALID_REPLY;
  }
  return MACH_MSG_SUCCESS;
}

}  // namespace

mach_msg_return_t copyin_header(Space& space, Message& message, const Port* cancel_for) {
  mach_msg_header_t& h = message.header();
  if (!is_valid_header(h)) return MACH_SEND_INVALID_HEADER;
  HeaderRights r;
  if (const auto code = find_rights(space, h, r); code != MACH_MSG_SUCCESS) return code;

  // What leaves its entry untouched first: it may need the right that the other one consumes.
  AnyRight reply;
  if (r.reply != nullptr && !consumes(r.reply_type)) reply = space.take(*r.reply, r.reply_type);
  AnyRight destination = space.take(*r.destination, r.destination_type, cancel_for);
  if (r.reply != nullptr && consumes(r.reply_type)) reply = space.take(*r.reply, r.reply_type);

  h.msgh_bits = (h.msgh_bits & MACH_MSGH_BITS_COMPLEX) |
                MACH_MSGH_BITS(arrival_type(r.destination_type), arrival_type(r.reply_type));
  h.msgh_remote_port = Message::port_to_word(destination.leak());
  // Without an entry the word is null or dead, and stays.
  if (r.reply != nullptr) h.msgh_local_port = Message::port_to_word(reply.leak());
  return MACH_MSG_SUCCESS;
}

}  // namespace ipc
