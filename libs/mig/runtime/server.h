#pragma once

#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/mig_errors.h>

#include "libs/mig/runtime/wire.h"

extern "C" {
extern void mach_msg_destroy(mach_msg_header_t* message);
extern void mig_deallocate(vm_offset_t address, vm_size_t size);
}

// What generated C++ server interfaces share.
namespace mig {

/// Releases the rights and memory in the body of a request and leaves the header alone. The
/// request counts as simple afterwards, so that destroying it again does no harm.
inline void destroy_body(mach_msg_header_t* request) {
  if ((request->msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0) return;
  const mach_msg_header_t kept = *request;
  request->msgh_remote_port = MACH_PORT_NULL;
  request->msgh_local_port = MACH_PORT_NULL;
  mach_msg_destroy(request);
  request->msgh_remote_port = kept.msgh_remote_port;
  request->msgh_local_port = kept.msgh_local_port;
  request->msgh_bits = kept.msgh_bits & ~MACH_MSGH_BITS_COMPLEX;
}

/// Makes `out` the reply to `in` with nothing but a result. Requires 32 bytes at `out`.
inline void begin_reply(const mach_msg_header_t* in, mach_msg_header_t* out, kern_return_t code) {
  out->msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(in->msgh_bits), 0);
  out->msgh_size = kReplyHeaderBytes;
  out->msgh_remote_port = in->msgh_remote_port;
  out->msgh_local_port = MACH_PORT_NULL;
  out->msgh_seqno = 0;
  out->msgh_id = in->msgh_id + static_cast<mach_msg_id_t>(kReplyIdOffset);
  char* const bytes = reinterpret_cast<char*>(out);
  word(bytes, 24) = kRetCodeType;
  word(bytes, 28) = static_cast<uint32_t>(code);
}

/// Header of a reply that is sent by itself. `type` says what right `reply_port` is.
inline void begin_late_reply(mach_msg_header_t* out, mach_port_t reply_port,
                             mach_msg_type_name_t type, mach_msg_id_t id, kern_return_t code) {
  out->msgh_bits = MACH_MSGH_BITS(type, 0);
  out->msgh_size = kReplyHeaderBytes;
  out->msgh_remote_port = reply_port;
  out->msgh_local_port = MACH_PORT_NULL;
  out->msgh_seqno = 0;
  out->msgh_id = id;
  char* const bytes = reinterpret_cast<char*>(out);
  word(bytes, 24) = kRetCodeType;
  word(bytes, 28) = static_cast<uint32_t>(code);
}

/// Sends a reply; if that fails, releases the reply port and everything else in the message.
inline mach_msg_return_t send_late_reply(mach_msg_header_t* out) {
  const mach_msg_return_t result = mach_msg(out, MACH_SEND_MSG, out->msgh_size, 0, MACH_PORT_NULL,
                                            MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
  if (result != MACH_MSG_SUCCESS) mach_msg_destroy(out);
  return result;
}

/// One id of an interface: how a request is handled and how large its reply can be.
template <typename Interface>
struct DispatchEntry {
  kern_return_t (*handler)(Interface& server, char* request, char* reply) = nullptr;
  uint32_t reply_size = 0;
  bool simple = false;
};

/// Body of every generated dispatch(): see libs/mig/README.md. False: the id is not in the table.
template <typename Interface>
bool dispatch(Interface& server, const DispatchEntry<Interface>* table, uint32_t count,
              uint32_t first_id, mach_msg_header_t* in, mach_msg_header_t* out,
              mach_msg_size_t out_size) {
  if (out_size < kReplyHeaderBytes) return false;
  begin_reply(in, out, MIG_BAD_ID);
  const uint32_t index = static_cast<uint32_t>(in->msgh_id) - first_id;
  if (index >= count || table[index].handler == nullptr) return false;
  const DispatchEntry<Interface>& entry = table[index];
  char* const reply = reinterpret_cast<char*>(out);
  kern_return_t code = MIG_ARRAY_TOO_LARGE;
  if (out_size >= entry.reply_size) {
    code = entry.handler(server, reinterpret_cast<char*>(in), reply);
  }
  if (code == KERN_SUCCESS) {
    if (entry.simple) code = MIG_NO_REPLY;
  } else {
    out->msgh_size = kReplyHeaderBytes;
    if (code != MIG_NO_REPLY) destroy_body(in);
  }
  word(reply, 28) = static_cast<uint32_t>(code);
  return true;
}

}  // namespace mig
