#include "kernel/ipc/copyout.h"

#include "kernel/ipc/item.h"

namespace ipc {
namespace {

mach_msg_return_t shortage_bit(base::ErrorCode code) {
  return code == KERN_RESOURCE_SHORTAGE ? MACH_MSG_IPC_KERNEL : MACH_MSG_IPC_SPACE;
}

// Ends the life of the destination right; what the space calls the port.
mach_port_t consume_destination(Space& space, Message& message) {
  Port& port = *message.remote();
  mach_port_t name = MACH_PORT_DEAD;
  if (port.active()) name = port.receiver() == &space ? port.receiver_name() : MACH_PORT_NULL;
  if (message.remote_type() == MACH_MSG_TYPE_PORT_SEND) {
    port.drop_send_right();
  } else {
    port.drop_send_once_right();
  }
  return name;
}

// Puts the reply right into the space. `name` is null on error.
mach_msg_return_t copyout_reply(Space& space, AnyRight right, Port* notify, mach_port_t& name) {
  name = MACH_PORT_NULL;
  auto entered = space.copyout_entry(std::move(right));
  if (!entered.ok()) return MACH_RCV_HEADER_ERROR | shortage_bit(entered.code());
  Entry* const fresh = entered->fresh;
  if (fresh != nullptr && notify != nullptr) {
    if (auto s = space.add_dead_name_request(*fresh, make_send_once(*notify)); !s.ok()) {
      (void)space.destroy(entered->name);
      return MACH_RCV_HEADER_ERROR | shortage_bit(s.code());
    }
  }
  name = entered->name;
  return MACH_MSG_SUCCESS;
}

void set_names(Message& message, mach_port_t remote, mach_port_t local) {
  mach_msg_header_t& h = message.header();
  h.msgh_bits = MACH_MSGH_BITS_OTHER(h.msgh_bits) |
                MACH_MSGH_BITS(message.local_type(), message.remote_type());
  h.msgh_remote_port = remote;
  h.msgh_local_port = local;
  message.header_translated = true;
}

mach_port_t give(Space& space, mach_msg_type_name_t type, Port* word, mach_msg_return_t& bits) {
  auto name = space.copyout(AnyRight(kind_of_type(type), word));
  if (name.ok()) return name.take();
  bits |= shortage_bit(name.code());
  return MACH_PORT_NULL;
}

}  // namespace

mach_msg_return_t copyout_header(Space& space, Message& message, Port* notify) {
  AnyRight reply;
  if (message.local_type() != 0) {
    reply = AnyRight(kind_of_type(message.local_type()), message.local());
  }
  mach_port_t remote_name;
  if (auto r = copyout_reply(space, std::move(reply), notify, remote_name); r != 0) {
    message.header().msgh_local_port = MACH_PORT_NULL;
    copyout_header_only(space, message);
    return r;
  }
  set_names(message, remote_name, consume_destination(space, message));
  return MACH_MSG_SUCCESS;
}

void copyout_header_only(Space& space, Message& message) {
  mach_msg_header_t& h = message.header();
  const mach_msg_bits_t bits = h.msgh_bits;
  const mach_msg_size_t size = h.msgh_size;
  const mach_port_t name = consume_destination(space, message);
  // The rest dies as the contents of a message without destination.
  h.msgh_bits = bits & ~MACH_MSGH_BITS_REMOTE_MASK;
  message.release_contents();
  h.msgh_bits = bits;
  h.msgh_size = size;
  set_names(message, MACH_PORT_NULL, name);
}

mach_msg_return_t copyout_pseudo(Space& space, vm::Map& map, Message& message) {
  mach_msg_header_t& h = message.header();
  mach_msg_return_t bits = 0;
  h.msgh_remote_port = give(space, message.remote_type(), message.remote(), bits);
  if (message.local_type() != 0) {
    h.msgh_local_port = give(space, message.local_type(), message.local(), bits);
  }
  message.header_translated = true;
  if (message.is_complex()) bits |= copyout_body(space, map, message);
  return bits;
}

}  // namespace ipc
