#include "libs/server/message_loop.h"

#include <mach/mig_errors.h>

#include <memory>

extern "C" void mach_msg_destroy(mach_msg_header_t* message);

namespace server {
namespace {

constexpr mach_msg_return_t kReceiveErrors = 0x4000;  // bit that MACH_RCV_... codes have
constexpr mach_msg_size_t kReplyHeaderSize = 32;

kern_return_t& return_code(mach_msg_header_t* reply) {
  return reinterpret_cast<mig_reply_header_t*>(reply)->RetCode;
}

}  // namespace

void MessageLoop::dispatch(mach_msg_header_t* request, mach_msg_header_t* reply) {
  const auto id = static_cast<uint32_t>(request->msgh_id);
  for (const Route& route : routes_) {
    if (id - route.first_id >= route.id_count) continue;
    const auto right = MACH_MSGH_BITS_LOCAL(request->msgh_bits);
    if (route.sender == Sender::kSendOnce && right != MACH_MSG_TYPE_PORT_SEND_ONCE) break;
    if (route.dispatch(route.object, request, reply)) return;
    break;
  }
  // Nobody's: the reply says so and the request's rights and memory go.
  reply->msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(request->msgh_bits), 0);
  reply->msgh_size = kReplyHeaderSize;
  reply->msgh_remote_port = request->msgh_remote_port;
  reply->msgh_local_port = MACH_PORT_NULL;
  reply->msgh_seqno = 0;
  reply->msgh_id = request->msgh_id + 100;
  *reinterpret_cast<uint32_t*>(reply + 1) = 0x10012002;  // one in-line INTEGER_32
  return_code(reply) = MIG_BAD_ID;
  request->msgh_remote_port = MACH_PORT_NULL;
  mach_msg_destroy(request);
}

bool MessageLoop::handle(mach_msg_header_t* request, mach_msg_header_t* reply) {
  const LockGuard guard(lock_);
  if (before_request_) before_request_();
  call_.begin(*request);
  dispatch(request, reply);
  const bool taken = call_.end();
  if (after_request_) after_request_();
  if (return_code(reply) != MIG_NO_REPLY) return reply->msgh_remote_port != MACH_PORT_NULL;
  if (!taken && request->msgh_remote_port != MACH_PORT_NULL) {
    // A reply right that nobody asked for, on a one-way request.
    request->msgh_bits &= MACH_MSGH_BITS_REMOTE_MASK;
    request->msgh_local_port = MACH_PORT_NULL;
    mach_msg_destroy(request);
  }
  return false;
}

mach_msg_return_t MessageLoop::run() {
  const auto in = std::make_unique<uint64_t[]>(kBufferSize / sizeof(uint64_t));
  const auto out = std::make_unique<uint64_t[]>(kBufferSize / sizeof(uint64_t));
  auto* request = reinterpret_cast<mach_msg_header_t*>(in.get());
  auto* reply = reinterpret_cast<mach_msg_header_t*>(out.get());
  bool replying = false;
  for (;;) {
    mach_msg_return_t result = MACH_MSG_SUCCESS;
    if (replying) {
      mach_msg_option_t options = MACH_SEND_MSG | MACH_RCV_MSG;
      // Only a send-once right can always take a message; nobody may make the server wait.
      if (MACH_MSGH_BITS_REMOTE(reply->msgh_bits) != MACH_MSG_TYPE_MOVE_SEND_ONCE) {
        options |= MACH_SEND_TIMEOUT;
      }
      // The reply is sent from its buffer and the next request received into the same one.
      result = mach_msg(reply, options, reply->msgh_size, kBufferSize, receive_, 0,
                        MACH_PORT_NULL);
      if (result == MACH_MSG_SUCCESS) std::swap(request, reply);
      if (result != MACH_MSG_SUCCESS && (result & kReceiveErrors) == 0) {
        mach_msg_destroy(reply);
        const LockGuard guard(lock_);
        if (reply_failed_) reply_failed_();
        replying = false;
        continue;
      }
    } else {
      result = mach_msg(request, MACH_RCV_MSG, 0, kBufferSize, receive_, 0, MACH_PORT_NULL);
    }
    replying = false;
    if (result == MACH_MSG_SUCCESS) {
      replying = handle(request, reply);
    } else if (result == MACH_RCV_INVALID_NAME || result == MACH_RCV_PORT_DIED) {
      return result;
    }
  }
}

}  // namespace server
