#include "libs/mach/server_libc/raw_rpc.h"

#include <mach/message_bits.h>

#include "libs/mach/server_libc/self.h"

namespace server_libc {
namespace {

constexpr mach_msg_id_t kThreadTerminateId = 2016;
constexpr mach_msg_id_t kPortModRefsId = 3208;
constexpr mach_msg_id_t kSetGdtId = 3805;

struct Word {
  unsigned type;
  unsigned value;
};

struct Reply {
  mach_msg_header_t head;
  Word result;
  Word first;  // first result, if any
};

// Sends `request` and receives the reply over it. The union of both must be the buffer.
template <typename Buffer>
kern_return_t call(mach_port_t reply_port, mach_port_t destination, mach_msg_id_t id,
                   mach_msg_size_t send_size, Buffer& buffer) {
  mach_msg_header_t& head = buffer.reply.head;
  head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  head.msgh_size = send_size;
  head.msgh_remote_port = destination;
  head.msgh_local_port = reply_port;
  head.msgh_seqno = 0;
  head.msgh_id = id;
  const mach_msg_return_t result =
      mach_msg(&head, MACH_SEND_MSG | MACH_RCV_MSG, send_size, sizeof(buffer), reply_port,
               MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
  if (result != MACH_MSG_SUCCESS) return result;
  if (head.msgh_id != id + 100) return MIG_REPLY_MISMATCH;
  if (head.msgh_size < sizeof(mig_reply_header_t)) return MIG_TYPE_ERROR;
  return static_cast<kern_return_t>(buffer.reply.result.value);
}

}  // namespace

kern_return_t raw_set_gdt(mach_port_t reply_port, mach_port_t thread, int* selector,
                          descriptor_t descriptor) {
  struct Request {
    mach_msg_header_t head;
    Word selector;
    unsigned descriptor_type;
    descriptor_t descriptor;
  };
  union {
    Request request;
    Reply reply;
  } buffer;
  buffer.request.selector = {mach::kMsgTypeInt32, static_cast<unsigned>(*selector)};
  buffer.request.descriptor_type = mach::msg_type_inline(MACH_MSG_TYPE_INTEGER_32, 32, 2);
  buffer.request.descriptor = descriptor;
  const kern_return_t result = call(reply_port, thread, kSetGdtId, sizeof(Request), buffer);
  if (result == KERN_SUCCESS) *selector = static_cast<int>(buffer.reply.first.value);
  return result;
}

kern_return_t raw_thread_terminate(mach_port_t reply_port, mach_port_t thread) {
  union {
    mach_msg_header_t request;
    Reply reply;
  } buffer;
  return call(reply_port, thread, kThreadTerminateId, sizeof(buffer.request), buffer);
}

kern_return_t raw_destroy_receive(mach_port_t reply_port, mach_port_t name) {
  struct Request {
    mach_msg_header_t head;
    Word name;
    Word right;
    Word delta;
  };
  union {
    Request request;
    Reply reply;
  } buffer;
  buffer.request.name = {mach::kMsgTypePortName, name};
  buffer.request.right = {mach::kMsgTypeInt32, MACH_PORT_RIGHT_RECEIVE};
  buffer.request.delta = {mach::kMsgTypeInt32, static_cast<unsigned>(-1)};
  return call(reply_port, self_task(), kPortModRefsId, sizeof(Request), buffer);
}

}  // namespace server_libc
